import type { Item, Sale } from "../../../wire/wire.ts"

/** What a sale offers to a buyer who has no order in it. */
export type Phase = "scheduled" | "opening" | "open" | "all_held" | "sold_out" | "paused" | "closed"

/** In the last seconds before the opening, the button is already shown where it will be. */
const OPENING_MS = 10_000

/**
 * The phase at `now`, by the server's clock. A sale opens and closes on time even if no event said so. Sold out comes
 * before paused, because it is final for the buyer.
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
