import type { Item, Sale } from "../../../wire/wire.ts"
import type { AttackCounters } from "../counters.ts"

/** What `--json` writes. */
export interface AttackReport {
  buyers: number
  /** Purchase requests sent, retries included. */
  requests: number
  /** Distinct orders won. */
  confirmed: number
  held: number
  /** Purchases that ended in a definite no, by outcome. */
  refused: Record<string, number>
  /** Purchases whose outcome stayed unknown after all retries. */
  unknown: number
  /** Requests without a usable answer, and connections that could not be made. */
  errors: number
  seconds: number
  /** Requests per second. */
  rate: number
  /** From the time when a purchase should have been sent to its final answer, retries and waits included. */
  latencyMs: { p50: number; p90: number; p99: number; max: number }
  /** Answers by node. */
  nodes: Record<string, number>
  /** The stock of the item after the attack. */
  stock: { total: number; free: number; held: number; sold: number }
  ok: boolean
}

export function makeReport(
  counters: AttackCounters,
  buyers: number,
  seconds: number,
  item: Item,
  ok: boolean,
): AttackReport {
  const { requests, confirmed, held, unknown, errors } = counters
  const { total, free, sold } = item
  return {
    buyers,
    requests,
    confirmed,
    held,
    refused: sorted(counters.refused),
    unknown,
    errors,
    seconds: Math.round(seconds * 1000) / 1000,
    rate: seconds > 0 ? Math.round((requests / seconds) * 10) / 10 : 0,
    latencyMs: {
      p50: counters.percentileMs(50),
      p90: counters.percentileMs(90),
      p99: counters.percentileMs(99),
      max: counters.maxMs,
    },
    nodes: sorted(counters.nodes),
    stock: { total, free, held: item.held, sold },
    ok,
  }
}

/** What the bots won, and how long the attack took. */
interface Winnings {
  sku: string
  quantity: number
  confirmed: number
  held: number
  seconds: number
}

/** Broken promises that the stock after the attack proves, one sentence each. */
export function stockFaults(sale: Sale, won: Winnings): string[] {
  const faults: string[] = []
  for (const { sku, total, free, held, sold } of sale.items) {
    const sum = `${free} free + ${held} held + ${sold} sold`
    if (free + held + sold !== total) faults.push(`The stock of ${sku} does not add up: ${sum} is not ${total}.`)
    if (held + sold > total || Math.min(free, held, sold) < 0) {
      faults.push(`More of ${sku} was sold than there was: ${sum} of ${total}.`)
    }
  }
  const item = sale.items.find(({ sku }) => sku === won.sku)
  // Once the sale's time to pay has passed, a held unit may have been released.
  const stillHeld = won.seconds < (sale.holdSeconds ?? Number.POSITIVE_INFINITY) ? won.held : 0
  const units = (won.confirmed + stillHeld) * won.quantity
  if (item && units > item.held + item.sold) {
    faults.push(`The bots won ${units} units of ${won.sku}, but only ${item.held + item.sold} are held or sold.`)
  }
  return faults
}

/** The greatest count first. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
}
