import type { Order } from "../../../wire/wire.ts"
import { type Answer, ask } from "../../common/api.ts"
import { serverTime } from "../../common/clock.ts"
import { backoff, pause } from "../../common/timers.ts"
import { chosenSku, news, note, stage } from "../state/state.ts"
import { wordOf } from "./attempt-result.ts"
import { forget, keep, type Purchase, recall } from "./saved-purchase.ts"

const TRIES_MAX = 20

/** Shows an order and remembers it. A released one frees the key: whoever presses again asks for another order. */
export function showOrder(order: Order, node: string, known: { purchase?: Purchase; already?: boolean } = {}): void {
  if (order.state === "released") forget(order.saleId)
  else {
    const { sku, quantity } = order
    const remembered = known.purchase ?? recall(order.saleId) ?? { key: "", sku, quantity, at: Date.now() }
    keep(order.saleId, { ...remembered, state: "ordered", orderId: order.id })
  }
  chosenSku.value = order.sku
  stage.value = { at: "order", order, node, already: known.already ?? false }
}

/** A line in the console: who answered this click, with what, and how fast. */
export function log(answer: Answer<Order>): void {
  const { node, replayed: again, body, ms } = answer
  note({ time: serverTime(), node, word: wordOf(answer), again, good: body !== undefined, ms })
}

/** Shows the order that this browser remembers, as it stands now. One that is not ours any more is forgotten. */
export async function recallOrder(saleId: string): Promise<void> {
  const purchase = recall(saleId)
  if (purchase?.state !== "ordered" || !purchase.orderId) return
  if (stage.value.at === "idle") stage.value = { at: "recalling" }
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { status, body, node } = await ask<Order>(`/api/v1/orders/${purchase.orderId}`)
    if (body) return showOrder(body, node, { purchase })
    if (status === 404 || status === 401) {
      forget(saleId)
      break
    }
    await pause(backoff(tries))
  }
  stage.value = { at: "idle" }
}

/** Confirms or gives back a held order. Repeating is harmless, so a lost answer is simply asked for again. */
export async function decide(order: Order, what: "confirm" | "cancel"): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await ask<Order>(`/api/v1/orders/${order.id}/${what}`, { method: "POST" })
    const { status, body, node } = answer
    log(answer)
    if (body) {
      news.value = { kind: "order", order: body, node }
      return showOrder(body, node)
    }
    // Too late for that: what the order has become instead is what to show.
    if (status >= 400 && status < 500 && status !== 429) return recallOrder(order.saleId)
    await pause(backoff(tries))
  }
}
