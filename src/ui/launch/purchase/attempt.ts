import type { Order } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { serverTime } from "../../common/clock.ts"
import { backoffMs, sleep } from "../../common/timers.ts"
import { announcement, attemptState, showRefusal } from "../state/state.ts"
import { type AttemptResult, attemptResult } from "./attempt-result.ts"
import { addConsoleLine, showOrder } from "./orders.ts"
import { forgetPurchase, loadPurchase, type SavedPurchase, savePurchase, startPurchase } from "./saved-purchase.ts"
import { ensureSession, renewSession } from "./session.ts"

/** One try is given up as unknown after this. */
const TRY_MS = 8_000
/** After this much silence the buyer is told that we are still there. */
const SLOW_MS = 1_200
/** Tries, and time, before the buyer is asked to press once more. The key stays the same. */
const TRIES_MAX = 60
const GIVE_UP_AFTER_MS = 10 * 60_000

let running = false

/** Buys one unit, or finds out what became of the last attempt to. Presses while one is under way change nothing. */
export async function buy(saleId: string, sku: string): Promise<void> {
  await runAttempt(saleId, () => startPurchase(saleId, sku), false)
}

/** Goes on with an attempt that this browser made a short while ago and never learned the end of. */
export async function resume(saleId: string): Promise<void> {
  const earlier = loadPurchase(saleId)
  if (earlier?.state !== "wanted") return
  if (Date.now() - earlier.at > GIVE_UP_AFTER_MS) attemptState.value = { at: "gave_up" }
  else await runAttempt(saleId, () => earlier, true)
}

async function runAttempt(saleId: string, wish: () => SavedPurchase, resumed: boolean): Promise<void> {
  if (running) return
  running = true
  attemptState.value = resumed ? { at: "waiting", why: "unknown" } : { at: "securing", slow: false }
  const slow = setTimeout(() => {
    if (attemptState.value.at === "securing") attemptState.value = { at: "securing", slow: true }
  }, SLOW_MS)
  try {
    await retryUntilKnown(saleId, wish(), resumed)
  } finally {
    clearTimeout(slow)
    running = false
  }
}

async function retryUntilKnown(saleId: string, purchase: SavedPurchase, resumed: boolean): Promise<void> {
  const until = performance.now() + GIVE_UP_AFTER_MS
  let uncertain = resumed
  for (let tries = 0; tries < TRIES_MAX && performance.now() < until; tries++) {
    await untilOnline()
    await ensureSession()
    const verdict = await send(saleId, purchase)
    if (verdict.kind === "stranger") {
      // A new session is a new customer, so what the old one may have bought cannot be asked for any more. Buying again
      // is then the buyer's decision, not this page's.
      if (uncertain) return reportSessionLost(saleId)
      await renewSession()
    } else if (verdict.kind === "again") {
      uncertain ||= verdict.why === "unknown"
      if (tries > 0 || verdict.why !== "unknown") attemptState.value = { at: "waiting", why: verdict.why }
      await sleep(backoffMs(tries, verdict.retryAfterMs))
    } else {
      return conclude(saleId, purchase, verdict)
    }
  }
  attemptState.value = { at: "gave_up" }
}

async function send(saleId: string, { key, sku, quantity }: SavedPurchase): Promise<AttemptResult> {
  const answer = await request<Order>(`/api/v1/sales/${encodeURIComponent(saleId)}/orders`, {
    method: "POST",
    json: { sku, quantity },
    headers: { "idempotency-key": key },
    timeoutMs: TRY_MS,
  })
  addConsoleLine(answer)
  return attemptResult(answer, serverTime())
}

async function conclude(
  saleId: string,
  purchase: SavedPurchase,
  verdict: Exclude<AttemptResult, { kind: "again" | "stranger" }>,
) {
  if (verdict.kind === "order") {
    announcement.value = verdict
    return showOrder(verdict.order, verdict.node, { purchase })
  }
  const { code, seq, orderId, retryAfterMs } = verdict
  if (code === "key_reused") forgetPurchase(saleId)
  else savePurchase(saleId, { ...purchase, state: "refused" })
  showRefusal(code, seq, retryAfterMs > 0 ? serverTime() + retryAfterMs : undefined)
  if (code === "limit_reached" && orderId) await showEarlier(orderId)
}

/** The order that uses the limit up, if it can be read. */
async function showEarlier(orderId: string): Promise<void> {
  const { body, node } = await request<Order>(`/api/v1/orders/${orderId}`)
  if (body) showOrder(body, node, { already: true })
}

async function reportSessionLost(saleId: string): Promise<void> {
  forgetPurchase(saleId)
  await renewSession()
  attemptState.value = { at: "session_lost" }
}

async function untilOnline(): Promise<void> {
  if (navigator.onLine) return
  attemptState.value = { at: "waiting", why: "offline" }
  await new Promise(resolve => addEventListener("online", resolve, { once: true }))
}
