import type { AttackCounters } from "../counters.ts"

/** Refusals of a buyer who asked rightly and in time. Every other one leaves the rules untried. */
const TRIED = new Set(["sold_out", "all_held", "limit_reached", "released", "overloaded", "reconciling"])

/**
 * What is wrong with an attack of which no attempt was decided: it shows nothing, however well the stock adds up. Every
 * buyer may have been unauthorized, too many, at the wrong sale or too early. Undefined if one attempt was decided, or if
 * the system was too busy to decide, which is a result.
 */
export function undecidedFault({ refused, won, settled, unknown }: AttackCounters): string | undefined {
  if (won + unknown > 0 || [...refused.keys()].some(code => TRIED.has(code))) return undefined
  if (settled === 0) return "No purchase was made, so nothing was tried."
  const why = [...refused].map(([code, number]) => `${number} ${code}`)
  return `No attempt was decided, so nothing was tried: ${why.join(", ")}.`
}
