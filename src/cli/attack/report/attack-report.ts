import type { Item, Sale } from "../../../wire/wire.ts"
import type { AttackCounters } from "../counters.ts"

/** What `--json` writes. */
export interface AttackReport {
  buyers: number
  /** Purchase requests sent, repeats included. */
  requests: number
  /** Distinct orders won. */
  confirmed: number
  held: number
  /** Purchases that ended in a definite no. */
  refused: Record<string, number>
  /** Purchases whose outcome stayed unknown after all repeats. */
  unknown: number
  /** Requests that got no usable answer, and connections that did not come about. */
  errors: number
  seconds: number
  /** Requests per second. */
  rate: number
  /** From the moment when a purchase was meant to be sent to its final answer, repeats and waits included. */
  latencyMs: { p50: number; p90: number; p99: number; max: number }
  /** Answers by the node that gave them. */
  nodes: Record<string, number>
  /** The item's, after the attack. */
  stock: { total: number; free: number; held: number; sold: number }
  ok: boolean
}

export function makeReport(
  tally: AttackCounters,
  buyers: number,
  seconds: number,
  item: Item,
  ok: boolean,
): AttackReport {
  const { requests, confirmed, held, unknown, errors } = tally
  const { total, free, sold } = item
  return {
    buyers,
    requests,
    confirmed,
    held,
    refused: sorted(tally.refused),
    unknown,
    errors,
    seconds: Math.round(seconds * 1000) / 1000,
    rate: seconds > 0 ? Math.round((requests / seconds) * 10) / 10 : 0,
    latencyMs: {
      p50: tally.percentileMs(50),
      p90: tally.percentileMs(90),
      p99: tally.percentileMs(99),
      max: tally.maxMs,
    },
    nodes: sorted(tally.nodes),
    stock: { total, free, held: item.held, sold },
    ok,
  }
}

interface Won {
  sku: string
  quantity: number
  confirmed: number
  held: number
  seconds: number
}

/** What the stock after the attack proves wrong, one sentence each. */
export function stockFaults(sale: Sale, won: Won): string[] {
  const faults: string[] = []
  for (const { sku, total, free, held, sold } of sale.items) {
    const sum = `${free} free + ${held} held + ${sold} sold`
    if (free + held + sold !== total) faults.push(`The stock of ${sku} does not add up: ${sum} is not ${total}.`)
    if (held + sold > total || Math.min(free, held, sold) < 0) {
      faults.push(`More of ${sku} was sold than there was: ${sum} of ${total}.`)
    }
  }
  const item = sale.items.find(({ sku }) => sku === won.sku)
  // A unit held for longer than the sale's time to pay may have gone back since.
  const lasting = won.seconds < (sale.holdSeconds ?? Number.POSITIVE_INFINITY) ? won.held : 0
  const units = (won.confirmed + lasting) * won.quantity
  if (item && units > item.held + item.sold) {
    faults.push(`The bots won ${units} units of ${won.sku}, but only ${item.held + item.sold} are held or sold.`)
  }
  return faults
}

/** Greatest first. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
}
