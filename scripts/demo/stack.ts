import { AdminClient } from "../../src/cli/admin-client.ts"
import type { Node, Sale } from "../../src/wire/wire.ts"
import { addressOf, compose, containersOf, DemoError } from "./compose.ts"
import { say } from "./stage.ts"

const DEMO_SALE = "iphone-17-pro-max"
const READY_MAX_MS = 180_000
const LEDGER_MAX_MS = 30_000
const LOOK_EVERY_MS = 250

export interface Stack {
  /** The public address, for buyers. */
  url: string
  admin: AdminClient
}

/** Uses the stack that is running, or starts one. */
export async function openStack(): Promise<Stack> {
  const nginx = await containersOf("nginx")
  if (nginx.some(({ State }) => State === "running")) say("The stack is already running.")
  else {
    say("Starting the stack: docker compose up -d --build")
    await compose("up", "-d", "--build")
  }
  const url = await addressOf("nginx", 8080)
  const adminToken = await compose("exec", "-T", "web", "cat", "/secrets/app/admin-token")
  const admin = new AdminClient({ url: await addressOf("nginx", 8081), adminToken, dataDir: "" })
  await until("the stack sells", READY_MAX_MS, async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok)
  return { url, admin }
}

/** The demo sale if none of it is sold, otherwise a new one like it, so that a demonstration can be repeated. */
export async function freshSale({ admin }: Stack, purpose: string, units: number): Promise<Sale> {
  const demo = (await admin.sales()).find(({ id }) => id === DEMO_SALE)
  const item = demo?.items[0]
  if (demo?.state === "open" && item?.total === units && item.free === units) return demo
  const id = `${purpose}-${Date.now().toString(36)}`
  return admin.create({
    id,
    description: "",
    checkout: "instant",
    limitPerCustomer: 1,
    name: `Demonstration: ${purpose}`,
    opensAt: new Date(Date.now() - 1000).toISOString(),
    items: [{ sku: id, name: "Demonstration", price: { amount: 2_574_900_000, currency: "IDR" }, total: units }],
  })
}

/** The orders and customers of a sale, as counted by PostgreSQL once it has `orders` orders or the time is up. */
export async function ledgerOf(saleId: string, orders: number): Promise<{ orders: number; customers: number }> {
  const query = `SELECT count(*), count(DISTINCT customer) FROM orders JOIN sales ON sales.number = orders.sale
    WHERE sales.id = '${saleId}' AND state = 'confirmed'`
  const psql = ["psql", "-U", "doorbuster", "-d", "doorbuster", "-qAtc", query.replace(/\s+/g, " ")]
  let found = { orders: 0, customers: 0 }
  await until("the ledger has caught up", LEDGER_MAX_MS, async () => {
    const [count = 0, customers = 0] = (await compose("exec", "-T", "postgres", ...psql)).split("|").map(Number)
    found = { orders: count, customers }
    return found.orders >= orders
  }).catch(() => {})
  return found
}

export async function nodeLine({ admin }: Stack): Promise<string> {
  return (await admin.nodes()).map(({ id, state }) => `${id} ${state}`).join(", ")
}

export async function readyNodes({ admin }: Stack): Promise<Node[]> {
  return (await admin.nodes()).filter(({ state }) => state === "ready")
}

/** Waits until `ask` resolves to true, and returns how long that took. Throws `DemoError` when it takes too long. */
export async function until(what: string, boundMs: number, ask: () => Promise<boolean | undefined>): Promise<number> {
  const begun = performance.now()
  while (!(await ask())) {
    if (performance.now() - begun > boundMs)
      throw new DemoError(`Waited ${boundMs / 1000} s, but it is still not true that ${what}.`)
    await Bun.sleep(LOOK_EVERY_MS)
  }
  return performance.now() - begun
}
