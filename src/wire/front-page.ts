import type { Sale } from "./buying.ts"

const RANK = { open: 0, paused: 1, scheduled: 2, closed: 3 }

/**
 * Sales in the order in which the front page prefers them; it shows the first. Open sales come before paused ones, then
 * the next to open, then the last to have closed.
 */
export function frontPageOrder(sales: readonly Sale[]): Sale[] {
  return sales.toSorted((one, other) => {
    if (one.state !== other.state) return RANK[one.state] - RANK[other.state]
    const earlier = Date.parse(one.opensAt) - Date.parse(other.opensAt)
    return one.state === "closed" ? -earlier : earlier
  })
}
