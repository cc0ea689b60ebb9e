import { setTimeout as sleep } from "node:timers/promises"
import type { Target } from "../contender.ts"
import { type Embedded, openSale } from "../embedded/start.ts"
import { type Customers, mint } from "../load/customers.ts"
import { drive } from "../load/wrk.ts"
import { say } from "../progress.ts"
import { whole } from "../report/numbers.ts"

const CONNECTIONS = 64
/** A machine that makes fewer orders a second than this would take all night. */
const ORDERS_PER_SECOND_MIN = 3_000
const REFUSE_SECONDS = 2
const WATCH_MS = 1000
/** How many equal counts in a row are needed. */
const STANDSTILL = 3
/** When the load ends, at most this many requests are unanswered. */
const LOST_MAX = CONNECTIONS

/** Makes the orders that the sale lacks through the public API, one for each customer. */
export async function preload(
  system: Embedded,
  work: string,
  secret: string,
  saleId: string,
  orders: number,
): Promise<void> {
  const { api } = system
  const target: Target = { url: api.ordersUrl(saleId), body: api.purchase, sold: () => api.sold(saleId) }
  const crowd = await mint(work, `crowd-${orders}`, secret, orders - (await target.sold!()), 1)
  const seconds = Math.ceil(60 + orders / ORDERS_PER_SECOND_MIN)
  await drive(target, crowd, { connections: CONNECTIONS, seconds, once: true }, standstill(target, seconds))
  const sold = await target.sold!()
  if (sold < orders - LOST_MAX) throw new Error(`only ${whole(sold)} of ${whole(orders)} orders were preloaded`)
}

/** The load itself does not notice that its thread has run out of customers. */
async function standstill(target: Target, seconds: number): Promise<void> {
  let last = -1
  for (let i = 0, same = 0; i < seconds && same < STANDSTILL; i++) {
    await sleep(WATCH_MS)
    const sold = await target.sold!()
    same = sold === last ? same + 1 : 0
    last = sold
    if (i % 10 === 9) say(`growth     ${whole(sold)} orders so far`)
  }
}

/** Sends attempts to buy in a sale that is sold out, until there have been enough of them. */
export async function refuse(system: Embedded, customers: Customers, attempts: number): Promise<number> {
  const target = await openSale(system.api, "refused")
  let made = 0
  for (let i = 0; i < 120 && made < attempts; i++) {
    made += (await drive(target, customers, { connections: CONNECTIONS, seconds: REFUSE_SECONDS })).answers
  }
  return made
}
