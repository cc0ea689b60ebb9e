import type { Time } from "../../runtime/time.ts"
import type { AttackCounters } from "./counters.ts"
import type { Credentials } from "./credentials.ts"
import type { HistoryWriter, PurchaseIntent } from "./history-writer.ts"
import { type AttemptResult, isWorthRetrying, parseResult, unanswered } from "./http/attempt-result.ts"
import { type BotConnection, ConnectionError } from "./http/connection.ts"
import { RetryBudget, type ScheduledPurchase } from "./pacing.ts"

/** What all purchases of one attack share. */
export interface PurchaseContext {
  /** Sets the keys of this attack apart from those of others. */
  run: string
  sale: string
  sku: string
  quantity: number
  credentials: Credentials
  requestText: (token: string, key: string) => string
  counters: AttackCounters
  history: HistoryWriter | undefined
  timeoutMs: number
  patienceMs: number
  signal: AbortSignal | undefined
  time: Time
}

/** Makes one purchase: sends the request, and repeats it under the same key until the answer is final or time is up. */
export async function makePurchase(
  context: PurchaseContext,
  connection: BotConnection,
  purchase: ScheduledPurchase,
): Promise<void> {
  const { run, sale, sku, quantity, credentials, counters, patienceMs, signal, time } = context
  const { customer, token } = credentials(purchase.buyer)
  const key = `${run}-${purchase.buyer + 1}-${purchase.round + 1}`
  const text = context.requestText(token, key)
  const intent: PurchaseIntent = { sale, customer, key, sku, quantity }
  const retries = new RetryBudget({ forMs: patienceMs, signal, time })
  let unknown: AttemptResult | undefined
  for (;;) {
    const result = await attempt(context, connection, text, intent)
    counters.answered(result)
    if (result.type === "info") unknown = result
    // "Rate limited" does not say what became of an earlier request.
    const isFinal = !isWorthRetrying(result) && !(unknown && result.code === "rate_limited")
    if (!isFinal) connection.drop()
    if (isFinal || !(await retries.waitForRetry(result.retryAfterSeconds))) {
      // "Overloaded" answers the last request only: an earlier one may have taken effect.
      counters.settle(customer, isFinal ? result : (unknown ?? result), time.monotonic() - purchase.intended)
      return
    }
  }
}

async function attempt(
  { counters, history, timeoutMs }: PurchaseContext,
  bot: BotConnection,
  text: string,
  intent: PurchaseIntent,
): Promise<AttemptResult> {
  let recorded: (result: AttemptResult) => void = () => {}
  let result: AttemptResult
  try {
    const connection = await bot.connect()
    if (history) {
      const op = history.invoke(intent)
      recorded = result => history.done(op, result)
    }
    counters.requests++
    result = parseResult(await connection.send(text, timeoutMs))
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    result = unanswered(error.reason)
  }
  recorded(result)
  return result
}
