import type { Order } from "../../../wire/wire.ts"
import { ask } from "../../common/api.ts"
import { serverTime } from "../../common/clock.ts"
import { backoff, pause } from "../../common/timers.ts"
import { news, showRefusal, stage } from "../state/state.ts"
import { judge, type Verdict } from "./attempt-result.ts"
import { log, showOrder } from "./orders.ts"
import { forget, keep, type Purchase, recall, want } from "./saved-purchase.ts"
import { ensureSession, renewSession } from "./session.ts"

/** One try is given up as unknown after this. */
const TRY_MS = 8_000
/** After this much silence the buyer is told that we are still there. */
const SLOW_MS = 1_200
/** Tries, and time, before the buyer is asked to press once more. The key stays the same. */
const TRIES_MAX = 60
const PATIENCE_MS = 10 * 60_000

let running = false

/** Buys one unit, or finds out what became of the last attempt to. Presses while one is under way change nothing. */
export async function buy(saleId: string, sku: string): Promise<void> {
  await settle(saleId, () => want(saleId, sku), false)
}

/** Goes on with an attempt that this browser made a short while ago and never learned the end of. */
export async function resume(saleId: string): Promise<void> {
  const earlier = recall(saleId)
  if (earlier?.state !== "wanted") return
  if (Date.now() - earlier.at > PATIENCE_MS) stage.value = { at: "gave_up" }
  else await settle(saleId, () => earlier, true)
}

async function settle(saleId: string, wish: () => Purchase, resumed: boolean): Promise<void> {
  if (running) return
  running = true
  stage.value = resumed ? { at: "waiting", why: "unknown" } : { at: "securing", slow: false }
  const slow = setTimeout(() => {
    if (stage.value.at === "securing") stage.value = { at: "securing", slow: true }
  }, SLOW_MS)
  try {
    await tryUntilKnown(saleId, wish(), resumed)
  } finally {
    clearTimeout(slow)
    running = false
  }
}

async function tryUntilKnown(saleId: string, purchase: Purchase, resumed: boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  let uncertain = resumed
  for (let tries = 0; tries < TRIES_MAX && performance.now() < until; tries++) {
    await comeOnline()
    await ensureSession()
    const verdict = await send(saleId, purchase)
    if (verdict.kind === "stranger") {
      // A new session is a new customer, so what the old one may have bought cannot be asked for any more. Buying again
      // is then the buyer's decision, not this page's.
      if (uncertain) return loseSession(saleId)
      await renewSession()
    } else if (verdict.kind === "again") {
      uncertain ||= verdict.why === "unknown"
      if (tries > 0 || verdict.why !== "unknown") stage.value = { at: "waiting", why: verdict.why }
      await pause(backoff(tries, verdict.retryAfterMs))
    } else {
      return conclude(saleId, purchase, verdict)
    }
  }
  stage.value = { at: "gave_up" }
}

async function send(saleId: string, { key, sku, quantity }: Purchase): Promise<Verdict> {
  const answer = await ask<Order>(`/api/v1/sales/${encodeURIComponent(saleId)}/orders`, {
    method: "POST",
    json: { sku, quantity },
    headers: { "idempotency-key": key },
    timeoutMs: TRY_MS,
  })
  log(answer)
  return judge(answer, serverTime())
}

async function conclude(saleId: string, purchase: Purchase, verdict: Exclude<Verdict, { kind: "again" | "stranger" }>) {
  if (verdict.kind === "order") {
    news.value = verdict
    return showOrder(verdict.order, verdict.node, { purchase })
  }
  const { code, seq, orderId, retryAfterMs } = verdict
  if (code === "key_reused") forget(saleId)
  else keep(saleId, { ...purchase, state: "refused" })
  showRefusal(code, seq, retryAfterMs > 0 ? serverTime() + retryAfterMs : undefined)
  if (code === "limit_reached" && orderId) await showEarlier(orderId)
}

/** The order that uses the limit up, if it can be read. */
async function showEarlier(orderId: string): Promise<void> {
  const { body, node } = await ask<Order>(`/api/v1/orders/${orderId}`)
  if (body) showOrder(body, node, { already: true })
}

async function loseSession(saleId: string): Promise<void> {
  forget(saleId)
  await renewSession()
  stage.value = { at: "session_lost" }
}

async function comeOnline(): Promise<void> {
  if (navigator.onLine) return
  stage.value = { at: "waiting", why: "offline" }
  await new Promise(resolve => addEventListener("online", resolve, { once: true }))
}
