/*
 * How to add an outcome:
 * 1. Put the word into its list below; among REFUSALS its place decides which word is given when several apply.
 *    It no longer compiles until `http/responses.ts` says its status and its sentence.
 * 2. Answer it in `rules.ts` or `admin-rules.ts`, where memory and SQLite take it from.
 * 3. Only a purchase is decided in Redis as well: give the word a letter in `stack/redis/protocol/codes.ts`, answer
 *    '@word@' at the same place in `lua/attempts.lua`, and read it in `protocol/replies.ts`. Raise LIBRARY_VERSION.
 * 4. Say when it is given in a test of `test/support/contract/rules`, which every store must then pass, and in the
 *    table of `precedence.ts` there. Plant its absence in `test/stack/redis/plants.ts`.
 * 5. Add it to the words of the audit (`audit/answers.ts`), the metrics (`observability/metrics.ts`) and the shop
 *    (`ui/launch/page/toast.tsx`, `http/nojs/sale-page.ts`).
 */

/** Every word that can answer an attempt to buy and does not mean "yours". When several apply, the earlier one is given. */
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

/** Words that refuse other commands only. */
const OTHER_REFUSALS = ["order_unknown", "order_released", "order_confirmed", "sale_exists"] as const

const SUCCESSES = ["confirmed", "held", "released", "done"] as const

export type Refusal = (typeof REFUSALS)[number] | (typeof OTHER_REFUSALS)[number]
export type Success = (typeof SUCCESSES)[number]
export type Outcome = Refusal | Success

export function isSuccess(outcome: Outcome): outcome is Success {
  return (SUCCESSES as readonly string[]).includes(outcome)
}
