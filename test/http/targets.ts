import type { Order } from "../../src/wire.ts"
import type { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"
import { OWNER } from "./credentials.ts"
import type { Operation } from "./document.ts"

export interface Target {
  path: string
  body?: string
}

/** Something for every operation to succeed on, as often as it is asked for. */
export async function openTargets(system: System): Promise<(operation: Operation, servedBy: string) => Target> {
  await system.createSale("shop", { limitPerCustomer: 1000 })
  await system.createSale("closing")
  await system.createSale("holds", { checkout: "hold", holdSeconds: 3600, limitPerCustomer: 2 })
  const [kept, given] = await Promise.all([held(system, "kept"), held(system, "given")])
  // Replicas hear of new sales a moment later.
  await Bun.sleep(300)
  let made = 0
  const orders: Record<string, string> = { confirmOrder: kept.id, cancelOrder: given.id, readOrder: kept.id }
  return ({ operationId, path }, servedBy) => {
    made++
    const values: Record<string, string> = {
      saleId: operationId === "closeSale" ? "closing" : "shop",
      sku: "shop",
      orderId: orders[operationId] ?? "",
      nodeId: servedBy === "node-1" ? "node-2" : "node-1",
    }
    const body = bodyFor(operationId, made)
    return { path: path.replace(/\{(\w+)\}/g, (_, name) => values[name]!), ...(body && { body: JSON.stringify(body) }) }
  }
}

function bodyFor(operationId: string, made: number): object | undefined {
  const price = { amount: 1, currency: "IDR" }
  const bodies: Record<string, object> = {
    purchase: { sku: "shop" },
    restock: { units: 1 },
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

async function held(system: System, key: string): Promise<Order> {
  return (await (await system.buy("holds", tokenOf(OWNER), key)).json()) as Order
}
