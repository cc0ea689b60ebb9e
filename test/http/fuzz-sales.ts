import type { Order } from "../../src/wire/wire.ts"
import { caughtUp } from "../support/http/caught-up.ts"
import type { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

/** Ids and tokens that exist, so that many requests of the fuzz succeed. */
export interface FuzzSales {
  /** The fuzz only buys in these. */
  stable: string[]
  /** The fuzz also changes these as an administrator. */
  changing: string[]
  orderIds: string[]
  port: number
  tokens: string[]
}

export const SKUS = ["a", "b"]
const CUSTOMERS = 12
const HOUR_MS = 3_600_000

/** Creates sales in every state, and some orders. */
export async function createFuzzSales(system: System): Promise<FuzzSales> {
  const opensAt = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()
  const hold = { checkout: "hold", holdSeconds: 7200 }
  const stable: Record<string, object> = {
    plenty: { limitPerCustomer: 1000 },
    held: { ...hold, limitPerCustomer: 1000 },
    gone: { items: items(0, 0) },
    scarce: { items: items(1, 0) },
    later: { opensAt: opensAt(1) },
    past: { opensAt: opensAt(-2), closesAt: opensAt(-1) },
    resting: {},
  }
  const changing = { "changing-1": {}, "changing-2": hold, "changing-3": { limitPerCustomer: 5 } }
  for (const [id, terms] of Object.entries({ ...stable, ...changing })) {
    await system.createSale(id, { items: items(100_000, 100_000), ...terms })
  }
  await system.admin("POST", "/sales/resting/pause")
  const tokens = Array.from({ length: CUSTOMERS }, (_, at) => tokenOf(`customer-${at}`))
  const orderIds: string[] = []
  for (const token of tokens) {
    for (const sale of ["plenty", "held", "changing-2"]) {
      const order = (await (await system.buy(sale, token, "first", { sku: "a" })).json()) as Order
      orderIds.push(order.id)
    }
  }
  await caughtUp(system, ...Object.keys(stable), ...Object.keys(changing))
  return { stable: Object.keys(stable), changing: Object.keys(changing), orderIds, port: system.port, tokens }
}

function items(...totals: number[]): object[] {
  const price = { amount: 100, currency: "IDR" }
  return totals.map((total, at) => ({ sku: SKUS[at], name: SKUS[at], price, total }))
}
