import type { Tally } from "./counters.ts"
import type { Credentials } from "./credentials.ts"
import type { History, Intent } from "./history-writer.ts"
import { type Answer, noAnswer, readAnswer, worthRetrying } from "./http/attempt-result.ts"
import type { Line } from "./http/bot-connection.ts"
import { ConnectionError } from "./http/connection.ts"
import type { Purchase } from "./load-schedule.ts"
import { Patience } from "./retry-budget.ts"

/** What all purchases of one attack share. */
export interface Campaign {
  run: string
  sale: string
  sku: string
  quantity: number
  credentials: Credentials
  requestText: (token: string, key: string) => string
  tally: Tally
  history?: History
  timeoutMs: number
  patienceMs: number
  signal?: AbortSignal
}

/** Makes one purchase: asks, and asks again under the same key, until there is a final answer or patience ends. */
export async function buy(campaign: Campaign, line: Line, purchase: Purchase): Promise<void> {
  const { run, sale, sku, quantity, credentials, tally, patienceMs, signal } = campaign
  const { customer, token } = credentials(purchase.buyer)
  const key = `${run}-${purchase.buyer + 1}-${purchase.round + 1}`
  const text = campaign.requestText(token, key)
  const intent: Intent = { sale, customer, key, sku, quantity }
  const patience = new Patience(patienceMs, signal)
  let doubt: Answer | undefined
  for (;;) {
    const answer = await attempt(campaign, line, text, intent)
    tally.answered(answer)
    if (answer.type === "info") doubt = answer
    // Who is told to slow down is not told what became of an earlier request.
    const final = !worthRetrying(answer) && !(doubt && answer.code === "rate_limited")
    if (!final) line.drop()
    if (final || !(await patience.again(answer.retryAfterSeconds))) {
      // "Overloaded" answers only the last request; an earlier one may still have taken effect.
      tally.settle(customer, final ? answer : (doubt ?? answer), performance.now() - purchase.intended)
      return
    }
  }
}

async function attempt(campaign: Campaign, line: Line, text: string, intent: Intent): Promise<Answer> {
  const { tally, history, timeoutMs } = campaign
  let op: number | undefined
  let answer: Answer
  try {
    const connection = await line.connect()
    op = history?.invoke(intent)
    tally.requests++
    answer = readAnswer(await connection.send(text, timeoutMs))
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    answer = noAnswer(error.reason)
  }
  if (op !== undefined) history!.done(op, answer)
  return answer
}
