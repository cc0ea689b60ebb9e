import type { NodeList, Order } from "../../../src/wire/wire.ts"
import { eventually } from "../eventually.ts"
import { ADMIN_TOKEN, type Site } from "../site.ts"
import { tokenOf } from "../token.ts"
import { caughtUp } from "./caught-up.ts"
import { OWNER } from "./credentials.ts"
import type { Operation } from "./document.ts"

export interface Target {
  path: string
  body?: string
}

export interface Targets {
  of(operation: Operation, servedBy: string): Promise<Target>
  /** The node that a drill took last, if any. */
  lastTaken(): string | undefined
}

/** Sales and orders on which every operation succeeds, however often it is repeated. */
export async function openTargets(system: Site): Promise<Targets> {
  await system.createSale("shop", { limitPerCustomer: 1000 })
  await system.createSale("closing")
  await system.createSale("holds", { checkout: "hold", holdSeconds: 3600, limitPerCustomer: 3 })
  const [kept, given, taken] = await Promise.all(["kept", "given", "taken"].map(key => held(system, key)))
  await caughtUp(system, "shop", "closing", "holds")
  let made = 0
  let lastTaken: string | undefined
  let spares: string[] | undefined
  const orders: Record<string, string> = {
    confirmOrder: kept!.id,
    cancelOrder: given!.id,
    readOrder: kept!.id,
    cancelHeldOrder: taken!.id,
  }
  const of: Targets["of"] = async ({ operationId, path }, servedBy) => {
    made++
    const values: Record<string, string> = {
      saleId: operationId.toLowerCase().endsWith("closesale") ? "closing" : "shop",
      sku: "shop",
      orderId: orders[operationId] ?? "",
      nodeId: "",
      name: "",
    }
    if (operationId === "revokeCredential") {
      spares ??= await makeSpares(system)
      values.name = spares.pop()!
    }
    if (path.includes("{nodeId}")) {
      lastTaken = await readyNode(system, servedBy, lastTaken)
      values.nodeId = lastTaken
    }
    const body = bodyFor(operationId, made)
    return { path: path.replace(/\{(\w+)\}/g, (_, name) => values[name]!), ...(body && { body: JSON.stringify(body) }) }
  }
  return { of, lastTaken: () => lastTaken }
}

/** A node that a drill may take: not the one that answers, nor one that the drill before took. */
function readyNode(system: Site, servedBy: string, lastTaken?: string): Promise<string> {
  return eventually("a node is ready", async () => {
    // A connection may lead to a node that the drill before took.
    const list = await system.admin<NodeList>("GET", "/nodes").catch(() => undefined)
    // All are ready, so that the one that answers this request is not being replaced.
    if (!list?.nodes.every(({ state }) => state === "ready")) return undefined
    return list.nodes.find(({ id, state }) => id !== servedBy && id !== lastTaken && state === "ready")?.id
  })
}

function bodyFor(operationId: string, made: number): object | undefined {
  const price = { amount: 1, currency: "IDR" }
  const bodies: Record<string, object> = {
    purchase: { sku: "shop" },
    restock: { units: 1 },
    mintSession: { sub: "c-17" },
    signIn: { token: ADMIN_TOKEN },
    addCredential: { name: `made-${made}`, role: "viewer" },
    amendSale: { description: `Version ${made}` },
    createSale: {
      id: `sale-${made}`,
      name: "A sale",
      opensAt: "2026-01-01T00:00:00Z",
      items: [{ sku: "a", name: "A", price, total: 1 }],
    },
  }
  return bodies[operationId]
}

/** Credentials that may be revoked: one for each request. They are made together, because each is answered late. */
function makeSpares(system: Site): Promise<string[]> {
  return Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      await system.admin("POST", "/credentials", { name: `spare-${at}`, role: "viewer" })
      return `spare-${at}`
    }),
  )
}

async function held(system: Site, key: string): Promise<Order> {
  return (await (await system.buy("holds", tokenOf(OWNER), key)).json()) as Order
}
