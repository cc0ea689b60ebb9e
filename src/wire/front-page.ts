import type { Sale } from "./buying.ts"

const RANK = { open: 0, paused: 1, scheduled: 2, closed: 3 }

/** More than one page can show at a glance. */
const FRONT_MAX = 100

/** The sales on the front page, at most 100: all that are not over or, if there are none, the last one that was. */
export function frontPage(sales: readonly Sale[]): Sale[] {
  const ordered = frontPageOrder(sales)
  const current = ordered.filter(({ state }) => state !== "closed")
  return current.length > 0 ? current.slice(0, FRONT_MAX) : ordered.slice(0, 1)
}

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
