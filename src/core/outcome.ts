/*
 * How to add an outcome:
 * 1. Put the word into its list below. When several REFUSALS apply, the earlier one is the answer. The compiler then
 *    asks for its status and its sentence in `http/responses.ts`.
 * 2. Return it in `rules.ts` or `admin-rules.ts`, which memory and SQLite run.
 * 3. Redis decides purchases only. For a purchase, give the word a letter in `stack/redis/protocol/codes.ts`, answer
 *    '@word@' at the same place in `lua/attempts.lua`, and read it in `protocol/replies.ts`. Raise LIBRARY_VERSION.
 * 4. Add a test to `test/support/contract/rules`, which every store must pass, and a row to the table of
 *    `precedence.ts` there. Plant a Lua library that never answers it in `test/stack/redis/plants.ts`.
 *    A plant names the Lua text after the letters have been put in: `return 'k'`, not `return '@key_reused@'`.
 * 5. Add it where people and programs read it: the audit (`audit/answer-check.ts`, `audit/refusal-check.ts`), the
 *    metrics (`FROM_ZERO` in `observability/replica-metrics.ts`), the chart's groups (`ui/control/data/rates.ts`, then
 *    `npm run dashboards`), the OpenAPI text (`http/api/orders.ts`), and the pages in both languages
 *    (`ui/launch/page/announcements.tsx`, `ui/launch/words/`, `http/nojs/sale-page.ts`, `http/nojs/words.ts`).
 */

/**
 * Every word that refuses an attempt to buy, or leaves its outcome open. When several apply, the first one
 * counts, with two exceptions: an attempt that comes too late is `overloaded` before its window is looked at, and a sale that
 * is both closed and not yet open is closed (docs/decisions/0009).
 */
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
const OTHER_REFUSALS = [
  "order_unknown",
  "order_released",
  "order_confirmed",
  "sale_exists",
  "version_conflict",
] as const

const SUCCESSES = ["confirmed", "held", "released", "done"] as const

export type Refusal = (typeof REFUSALS)[number] | (typeof OTHER_REFUSALS)[number]
export type Success = (typeof SUCCESSES)[number]
export type Outcome = Refusal | Success

export function isSuccess(outcome: Outcome): outcome is Success {
  return (SUCCESSES as readonly string[]).includes(outcome)
}
