import type { Order } from "../../../wire/wire.ts"
import { type ApiResponse, request } from "../../common/api.ts"
import { backoffMs, serverTime, sleep } from "../../common/time.ts"
import { addLine, announcement, attemptState, chosenSku } from "../state/state.ts"
import { outcomeWord } from "./buy-result.ts"
import { endPurchase, loadPurchase, type SavedPurchase, savePurchase } from "./saved-purchase.ts"
import { renewSession } from "./session.ts"

const TRIES_MAX = 20

/** Shows an order and saves it. A released one has ended, so that the next press asks for a new order. */
export function showOrder(order: Order, node: string, known: { purchase?: SavedPurchase; already?: boolean } = {}) {
  if (order.state === "released") endPurchase(order.saleId)
  else {
    const { sku, quantity } = order
    const saved = known.purchase ?? loadPurchase(order.saleId) ?? { key: "", sku, quantity, at: Date.now() }
    savePurchase(order.saleId, { ...saved, state: "ordered", orderId: order.id })
  }
  chosenSku.value = order.sku
  attemptState.value = { status: "order", order, node, already: known.already ?? false }
}

/** Adds a line to the console: which node answered, its answer and how long it took. */
export function addConsoleLine(response: ApiResponse<Order>): void {
  const { node, replayed, body, ms } = response
  addLine({ time: serverTime(), node, outcome: outcomeWord(response), replayed, succeeded: body !== undefined, ms })
}

/**
 * Shows the saved order in its present state, or its number alone if the shop no longer shows it to this buyer. Only then, and
 * never by itself, the page leads to another purchase.
 */
export async function loadSavedOrder(saleId: string): Promise<void> {
  const purchase = loadPurchase(saleId)
  if (purchase?.state !== "ordered" || !purchase.orderId) return
  if (attemptState.value.status !== "order") attemptState.value = { status: "loading_order" }
  let renewed = false
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { status, body, node } = await request<Order>(`/api/v1/orders/${purchase.orderId}`)
    if (body) return showOrder(body, node, { purchase })
    if (status === 401 && !renewed) {
      renewed = true
      await renewSession()
      continue
    }
    if (status === 404 || status === 401) break
    await sleep(backoffMs(tries))
  }
  attemptState.value = { status: "order_lost", orderId: purchase.orderId }
}

/** Confirms or cancels a held order. Both may be repeated, so a lost response is simply asked for again. */
export async function confirmOrCancel(order: Order, verb: "confirm" | "cancel"): Promise<void> {
  let renewed = false
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const response = await request<Order>(`/api/v1/orders/${order.id}/${verb}`, { method: "POST" })
    const { status, body, node } = response
    addConsoleLine(response)
    if (body) {
      announcement.value = { kind: "order", order: body, node }
      return showOrder(body, node)
    }
    if (status === 401 && !renewed) {
      renewed = true
      await renewSession()
      continue
    }
    // It is too late for that, so the page shows what became of the order.
    if (status >= 400 && status < 500 && status !== 429) return loadSavedOrder(order.saleId)
    await sleep(backoffMs(tries))
  }
}
