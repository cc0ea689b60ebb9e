import type { Sale } from "../../wire/wire.ts"

/** The sale that the front page shows: open, else the next to open, else paused, else the last that was. */
export function foremost(sales: readonly Sale[]): Sale | undefined {
  const order = { open: 0, paused: 1, scheduled: 2, closed: 3 }
  return sales.toSorted((a, b) => {
    if (a.state !== b.state) return order[a.state] - order[b.state]
    const earlier = Date.parse(a.opensAt) - Date.parse(b.opensAt)
    return a.state === "closed" ? -earlier : earlier
  })[0]
}
