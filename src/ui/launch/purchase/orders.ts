import type { Order } from "../../../wire/wire.ts"
import { type ApiResponse, request } from "../../common/api.ts"
import { serverTime } from "../../common/clock.ts"
import { backoffMs, sleep } from "../../common/timers.ts"
import { addLine, announcement, attemptState, chosenSku } from "../state/state.ts"
import { outcomeWord } from "./attempt-result.ts"
import { forgetPurchase, loadPurchase, type SavedPurchase, savePurchase } from "./saved-purchase.ts"

const TRIES_MAX = 20

/** Shows an order and remembers it. A released one frees the key: whoever presses again asks for another order. */
export function showOrder(
  order: Order,
  node: string,
  known: { purchase?: SavedPurchase; already?: boolean } = {},
): void {
  if (order.state === "released") forgetPurchase(order.saleId)
  else {
    const { sku, quantity } = order
    const remembered = known.purchase ?? loadPurchase(order.saleId) ?? { key: "", sku, quantity, at: Date.now() }
    savePurchase(order.saleId, { ...remembered, state: "ordered", orderId: order.id })
  }
  chosenSku.value = order.sku
  attemptState.value = { at: "order", order, node, already: known.already ?? false }
}

/** A line in the console: who answered this click, with what, and how fast. */
export function addConsoleLine(answer: ApiResponse<Order>): void {
  const { node, replayed: again, body, ms } = answer
  addLine({ time: serverTime(), node, word: outcomeWord(answer), again, good: body !== undefined, ms })
}

/** Shows the order that this browser remembers, as it stands now. One that is not ours any more is forgotten. */
export async function loadSavedOrder(saleId: string): Promise<void> {
  const purchase = loadPurchase(saleId)
  if (purchase?.state !== "ordered" || !purchase.orderId) return
  if (attemptState.value.at === "idle") attemptState.value = { at: "recalling" }
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { status, body, node } = await request<Order>(`/api/v1/orders/${purchase.orderId}`)
    if (body) return showOrder(body, node, { purchase })
    if (status === 404 || status === 401) {
      forgetPurchase(saleId)
      break
    }
    await sleep(backoffMs(tries))
  }
  attemptState.value = { at: "idle" }
}

/** Confirms or gives back a held order. Repeating is harmless, so a lost answer is simply asked for again. */
export async function confirmOrCancel(order: Order, what: "confirm" | "cancel"): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await request<Order>(`/api/v1/orders/${order.id}/${what}`, { method: "POST" })
    const { status, body, node } = answer
    addConsoleLine(answer)
    if (body) {
      announcement.value = { kind: "order", order: body, node }
      return showOrder(body, node)
    }
    // Too late for that: what the order has become instead is what to show.
    if (status >= 400 && status < 500 && status !== 429) return loadSavedOrder(order.saleId)
    await sleep(backoffMs(tries))
  }
}
