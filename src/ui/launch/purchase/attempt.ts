import type { Order } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { after, backoffMs, serverTime, sleep } from "../../common/time.ts"
import { announcement, attemptState, showRefusal } from "../state/state.ts"
import { type BuyResult, buyResult, type StrangerCause } from "./buy-result.ts"
import { addConsoleLine, showOrder } from "./orders.ts"
import { endPurchase, loadPurchase, type SavedPurchase, savePurchase, startPurchase } from "./saved-purchase.ts"
import { ensureSession, renewSession } from "./session.ts"

/** One try without a response counts as unknown after this. */
const TRY_MS = 8_000
/** After this long without a response the buyer reads that the page is still trying. */
const SLOW_MS = 1_200
/** Tries, and time, before the buyer is asked to press again. The key stays the same. */
const TRIES_MAX = 60
const GIVE_UP_AFTER_MS = 10 * 60_000

let running = false

/** Buys one unit, or finds out how the last attempt ended. Calls during an attempt do nothing. */
export async function buy(saleId: string, sku: string): Promise<void> {
  await runAttempt(saleId, () => startPurchase(saleId, sku), false)
}

/** Continues a recent attempt of this browser whose outcome it never learned. */
export async function resume(saleId: string): Promise<void> {
  const earlier = loadPurchase(saleId)
  if (earlier?.state !== "wanted") return
  if (Date.now() - earlier.at > GIVE_UP_AFTER_MS) attemptState.value = { status: "gave_up" }
  else await runAttempt(saleId, () => earlier, true)
}

async function runAttempt(saleId: string, purchase: () => SavedPurchase, resumed: boolean): Promise<void> {
  if (running) return
  running = true
  attemptState.value = resumed ? { status: "waiting", reason: "unknown" } : { status: "securing", slow: false }
  const cancelSlow = after(SLOW_MS, () => {
    if (attemptState.value.status === "securing") attemptState.value = { status: "securing", slow: true }
  })
  try {
    await retryUntilKnown(saleId, purchase(), resumed)
  } finally {
    cancelSlow()
    running = false
  }
}

async function retryUntilKnown(saleId: string, purchase: SavedPurchase, resumed: boolean): Promise<void> {
  const until = performance.now() + GIVE_UP_AFTER_MS
  let uncertain = resumed
  let renewed = false
  for (let tries = 0; tries < TRIES_MAX && performance.now() < until; tries++) {
    await untilOnline()
    if ((await ensureSession()) === "sign_in") return showStranger(saleId, purchase, "sign_in", uncertain)
    const result = await send(saleId, purchase)
    if (result.kind === "unauthenticated") {
      // A renewal that changed nothing would change nothing the next time either.
      if (renewed) return showStranger(saleId, purchase, result.cause, uncertain)
      const { state, isSame } = await renewSession()
      if (state === "sign_in") return showStranger(saleId, purchase, state, uncertain)
      // What another customer may have bought cannot be asked for, so whether to buy again is the buyer's decision.
      if (state === "open" && uncertain && !isSame) return reportSessionLost(saleId)
      if (state === "unreachable") await sleep(backoffMs(tries))
      renewed = state === "open"
    } else if (result.kind === "retry") {
      const { reason, retryAfterMs } = result
      uncertain ||= reason === "unknown"
      if (tries > 0 || reason !== "unknown") attemptState.value = { status: "waiting", reason }
      await sleep(backoffMs(tries, retryAfterMs))
    } else {
      return conclude(saleId, purchase, result)
    }
  }
  attemptState.value = { status: "gave_up" }
}

async function send(saleId: string, { key, sku, quantity }: SavedPurchase): Promise<BuyResult> {
  const response = await request<Order>(`/api/v1/sales/${encodeURIComponent(saleId)}/orders`, {
    method: "POST",
    json: { sku, quantity },
    headers: { "idempotency-key": key },
    timeoutMs: TRY_MS,
  })
  addConsoleLine(response)
  return buyResult(response, serverTime())
}

type FinalResult = Extract<BuyResult, { kind: "order" | "refused" }>

async function conclude(saleId: string, purchase: SavedPurchase, result: FinalResult): Promise<void> {
  if (result.kind === "order") {
    announcement.value = result
    return showOrder(result.order, result.node, { purchase })
  }
  const { code, seq, orderId, retryAfterMs } = result
  if (code === "key_reused") endPurchase(saleId)
  else savePurchase(saleId, { ...purchase, state: "refused" })
  showRefusal(code, seq, retryAfterMs > 0 ? serverTime() + retryAfterMs : undefined)
  if (code === "limit_reached" && orderId) await showEarlierOrder(orderId)
}

/** Shows the order that used up the limit, if this buyer may read it. */
async function showEarlierOrder(orderId: string): Promise<void> {
  const { body, node } = await request<Order>(`/api/v1/orders/${orderId}`)
  if (body) showOrder(body, node, { already: true })
}

function reportSessionLost(saleId: string): void {
  endPurchase(saleId)
  attemptState.value = { status: "session_lost" }
}

/** An attempt that had no effect is not sent again by a reload. */
function showStranger(saleId: string, purchase: SavedPurchase, cause: StrangerCause, uncertain: boolean): void {
  if (!uncertain) savePurchase(saleId, { ...purchase, state: "refused" })
  attemptState.value = { status: "stranger", cause, uncertain }
}

async function untilOnline(): Promise<void> {
  if (navigator.onLine) return
  attemptState.value = { status: "waiting", reason: "offline" }
  await new Promise(resolve => addEventListener("online", resolve, { once: true }))
}
