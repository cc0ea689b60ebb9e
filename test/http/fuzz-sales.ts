import type { Order } from "../../src/wire/wire.ts"
import { caughtUp } from "../support/http/caught-up.ts"
import type { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

/** The ids and tokens that the fuzz uses, so that many of its requests find something. */
export interface Market {
  /** Only bought from. */
  shops: string[]
  /** Steered at random as well. */
  wild: string[]
  orderIds: string[]
  port: number
  tokens: string[]
}

export const SKUS = ["a", "b"]
const CUSTOMERS = 12
const HOUR_MS = 3_600_000

/** Sales in every state, and some orders. */
export async function openMarket(system: System): Promise<Market> {
  const opensAt = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()
  const hold = { checkout: "hold", holdSeconds: 7200 }
  const shops: Record<string, object> = {
    plenty: { limitPerCustomer: 1000 },
    held: { ...hold, limitPerCustomer: 1000 },
    gone: { items: items(0, 0) },
    scarce: { items: items(1, 0) },
    later: { opensAt: opensAt(1) },
    past: { opensAt: opensAt(-2), closesAt: opensAt(-1) },
    resting: {},
  }
  const wild = { "wild-1": {}, "wild-2": hold, "wild-3": { limitPerCustomer: 5 } }
  for (const [id, terms] of Object.entries({ ...shops, ...wild })) {
    await system.createSale(id, { items: items(100_000, 100_000), ...terms })
  }
  await system.admin("POST", "/sales/resting/pause")
  const tokens = Array.from({ length: CUSTOMERS }, (_, at) => tokenOf(`customer-${at}`))
  const orderIds: string[] = []
  for (const token of tokens) {
    for (const sale of ["plenty", "held", "wild-2"]) {
      const order = (await (await system.buy(sale, token, "first", { sku: "a" })).json()) as Order
      orderIds.push(order.id)
    }
  }
  await caughtUp(system, ...Object.keys(shops), ...Object.keys(wild))
  return { shops: Object.keys(shops), wild: Object.keys(wild), orderIds, port: system.port, tokens }
}

function items(...totals: number[]): object[] {
  const price = { amount: 100, currency: "IDR" }
  return totals.map((total, at) => ({ sku: SKUS[at], name: SKUS[at], price, total }))
}
