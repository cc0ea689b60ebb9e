import type { AttackCounters } from "./counters.ts"
import type { Credentials } from "./credentials.ts"
import type { HistoryWriter, PurchaseIntent } from "./history-writer.ts"
import { type AttemptResult, isWorthRetrying, parseResult, unanswered } from "./http/attempt-result.ts"
import type { BotConnection } from "./http/bot-connection.ts"
import { ConnectionError } from "./http/connection.ts"
import type { ScheduledPurchase } from "./load-schedule.ts"
import { RetryBudget } from "./retry-budget.ts"

/** What all purchases of one attack share. */
export interface PurchaseContext {
  run: string
  sale: string
  sku: string
  quantity: number
  credentials: Credentials
  requestText: (token: string, key: string) => string
  tally: AttackCounters
  history?: HistoryWriter
  timeoutMs: number
  patienceMs: number
  signal?: AbortSignal
}

/** Makes one purchase: asks, and asks again under the same key, until there is a final answer or patience ends. */
export async function makePurchase(
  campaign: PurchaseContext,
  line: BotConnection,
  purchase: ScheduledPurchase,
): Promise<void> {
  const { run, sale, sku, quantity, credentials, tally, patienceMs, signal } = campaign
  const { customer, token } = credentials(purchase.buyer)
  const key = `${run}-${purchase.buyer + 1}-${purchase.round + 1}`
  const text = campaign.requestText(token, key)
  const intent: PurchaseIntent = { sale, customer, key, sku, quantity }
  const patience = new RetryBudget(patienceMs, signal)
  let doubt: AttemptResult | undefined
  for (;;) {
    const answer = await attempt(campaign, line, text, intent)
    tally.answered(answer)
    if (answer.type === "info") doubt = answer
    // Who is told to slow down is not told what became of an earlier request.
    const final = !isWorthRetrying(answer) && !(doubt && answer.code === "rate_limited")
    if (!final) line.drop()
    if (final || !(await patience.waitForRetry(answer.retryAfterSeconds))) {
      // "Overloaded" answers only the last request; an earlier one may still have taken effect.
      tally.settle(customer, final ? answer : (doubt ?? answer), performance.now() - purchase.intended)
      return
    }
  }
}

async function attempt(
  campaign: PurchaseContext,
  line: BotConnection,
  text: string,
  intent: PurchaseIntent,
): Promise<AttemptResult> {
  const { tally, history, timeoutMs } = campaign
  let op: number | undefined
  let answer: AttemptResult
  try {
    const connection = await line.connect()
    op = history?.invoke(intent)
    tally.requests++
    answer = parseResult(await connection.send(text, timeoutMs))
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    answer = unanswered(error.reason)
  }
  if (op !== undefined) history!.done(op, answer)
  return answer
}
