import type { Command } from "../../src/core/command.ts"
import { type Buy, type Evidence, OPENS_AT, SALE_ID, SimulatedSale } from "./simulated-sale.ts"

/** Returns numbers from 0 to 1 that depend only on the seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The evidence of a correct sale with two items, retries, lost answers, holds with every ending, and admin changes. */
export async function correctSale(seed: number, rounds = 60): Promise<Evidence> {
  const next = random(seed)
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(next() * values.length)]!
  const price = { amount: 100, currency: "IDR" }
  const items = [
    { sku: "shoe", name: "Shoe", price, total: 12 },
    { sku: "sock", name: "Sock", price: { ...price, amount: 7 }, total: 5 },
  ]
  const checkout = pick(["instant", "hold"] as const)
  const simulated = await SimulatedSale.open({
    items,
    checkout,
    limitPerCustomer: 2,
    ...(checkout === "hold" && { holdSeconds: 30 }),
  })
  const earlier: Buy[] = []
  const request = (): Buy => {
    if (earlier.length > 0 && next() < 0.25) return pick(earlier)
    const customer = `cust-${Math.floor(next() * 25)}`
    const key = `k${earlier.length}`
    const buy = { customer, key, sku: pick(["shoe", "shoe", "sock"]), quantity: pick([1, 1, 2]) }
    earlier.push(buy)
    return buy
  }
  for (let round = 0; round < rounds; round++) {
    simulated.now += Math.floor(next() * 4_000)
    if (next() < 0.7) {
      const endings = [next(), next(), next()].map(chance =>
        chance < 0.8 ? "answered" : chance < 0.93 ? "lost" : "shed",
      )
      await simulated.buy(
        [request(), request(), request()].slice(0, pick([1, 2, 3])),
        index => endings[index] as "answered",
      )
    } else await act(simulated, next, pick)
  }
  return simulated.evidence()
}

async function act(
  simulated: SimulatedSale,
  next: () => number,
  pick: <Value>(values: readonly Value[]) => Value,
): Promise<void> {
  const orders = await simulated.inventory.orders(SALE_ID, 0, 1000)
  const orderId = orders.length > 0 ? pick(orders).id : "A1-0000"
  const commands: Command[] = [
    { kind: "confirm", orderId },
    { kind: "confirm", orderId },
    { kind: "release", orderId, reason: pick(["cancelled", "payment_failed"]) },
    { kind: "restock", saleId: SALE_ID, sku: pick(["shoe", "sock"]), units: pick([1, 2]) },
    { kind: "amend", saleId: SALE_ID, terms: { limitPerCustomer: pick([1, 2, 3]), closesAt: OPENS_AT + 9e8 } },
    { kind: next() < 0.3 ? "pause" : "resume", saleId: SALE_ID },
    { kind: "resume", saleId: SALE_ID },
  ]
  await simulated.decide(pick(commands))
}
