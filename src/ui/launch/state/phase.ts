import type { Item, Sale } from "../../../wire/wire.ts"

/** Where a sale stands for somebody who has nothing of it yet. */
export type Phase = "scheduled" | "opening" | "open" | "all_held" | "sold_out" | "paused" | "closed"

/** The last seconds, in which the button is already where it will be. */
const OPENING_MS = 10_000

/**
 * What the sale says at `now`, by the server's clock: it opens and closes on time even where no event came to say so.
 * Sold out is final for the reader, so it is said before a pause is.
 */
export function phaseOf(sale: Sale, item: Item, now: number): Phase {
  const gone = item.free === 0 && item.held === 0
  if (gone && item.total > 0) return "sold_out"
  if (sale.state === "closed" || (sale.closesAt !== undefined && now >= Date.parse(sale.closesAt))) return "closed"
  if (sale.state === "paused") return "paused"
  const left = Date.parse(sale.opensAt) - now
  if (left > 0) return left <= OPENING_MS ? "opening" : "scheduled"
  return item.free === 0 ? (item.total === 0 ? "sold_out" : "all_held") : "open"
}
