/** Every word that can answer an attempt to buy and not mean "yours". When several apply, the earlier one is given. */
export const REFUSALS = [
  "invalid_request",
  "unauthorized",
  "sale_unknown",
  "key_reused",
  "sale_not_open",
  "sale_paused",
  "sale_closed",
  // Not given yet: the waiting room will refuse with it, before the store is asked.
  "not_admitted",
  "limit_reached",
  "all_held",
  "sold_out",
  "rate_limited",
  "overloaded",
  "reconciling",
  "outcome_unknown",
] as const

/** Words that only other commands are refused with. */
const OTHER_REFUSALS = ["order_unknown", "order_released", "order_confirmed", "sale_exists"] as const

const SUCCESSES = ["confirmed", "held", "released", "done"] as const

export type Refusal = (typeof REFUSALS)[number] | (typeof OTHER_REFUSALS)[number]
export type Success = (typeof SUCCESSES)[number]
export type Outcome = Refusal | Success

export function isSuccess(outcome: Outcome): outcome is Success {
  return (SUCCESSES as readonly string[]).includes(outcome)
}
