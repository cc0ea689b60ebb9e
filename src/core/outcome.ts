/*
 * How to add an outcome:
 * 1. Put the word into its list below. When several REFUSALS apply, the earlier one is the answer. The compiler then
 *    asks for its status and its sentence in `http/responses.ts`.
 * 2. Return it in `rules.ts` or `admin-rules.ts`, which memory and SQLite run.
 * 3. Redis decides purchases only. For a purchase, give the word a letter in `stack/redis/protocol/codes.ts`, answer
 *    '@word@' at the same place in `lua/attempts.lua`, and read it in `protocol/replies.ts`. Raise LIBRARY_VERSION.
 * 4. Add a test to `test/support/contract/rules`, which every store must pass, and a row to the table of
 *    `precedence.ts` there. Plant a Lua library that never answers it in `test/stack/redis/plants.ts`.
 * 5. Add it to the words of the audit (`audit/answers.ts`), the metrics (`observability/metrics.ts`) and the shop
 *    (`ui/launch/page/toast.tsx`, `http/nojs/sale-page.ts`).
 */

/** Every word that refuses an attempt to buy, or leaves its outcome open. When several apply, the first one counts. */
export const REFUSALS = [
  "invalid_request",
  "unauthorized",
  "sale_unknown",
  "key_reused",
  "sale_not_open",
  "sale_paused",
  "sale_closed",
  // Not used yet. The waiting room will refuse with it before it calls the store.
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
