import { newKey } from "../../common/api.ts"
import { load, save } from "../../common/storage.ts"

/**
 * What this browser remembers of a purchase. The idempotency key is saved before anything is sent. So a reload, a crash
 * or a second tab asks for the same order.
 *
 * `wanted`: sent, and the outcome is not known. `refused`: a final no; the same key may be used again. `ordered`: there
 * is an order. `over`: the next press asks for a new order.
 */
export interface SavedPurchase {
  key: string
  sku: string
  quantity: number
  at: number
  state: "wanted" | "refused" | "ordered" | "over"
  orderId?: string
  /** Every order that this browser had in this sale, the newest last. A number is never forgotten. */
  orders?: readonly string[]
}

const nameOf = (saleId: string) => `doorbuster:purchase:${saleId}`

export const loadPurchase = (saleId: string) => load<SavedPurchase>(nameOf(saleId))
export const ordersOf = (saleId: string) => loadPurchase(saleId)?.orders ?? []

/** Ends a purchase, so that the next press asks for a new order. */
export function endPurchase(saleId: string): void {
  const earlier = loadPurchase(saleId)
  if (earlier) savePurchase(saleId, { ...earlier, state: "over" })
}

/** Saves a new purchase of one unit. An earlier one whose outcome is not known is continued instead. */
export function startPurchase(saleId: string, sku: string): SavedPurchase {
  const earlier = loadPurchase(saleId)
  if (earlier?.state === "wanted") return earlier
  const key = earlier?.state === "refused" && earlier.sku === sku ? earlier.key : newKey()
  return savePurchase(saleId, { key, sku, quantity: 1, at: Date.now(), state: "wanted" })
}

export function savePurchase(saleId: string, purchase: SavedPurchase): SavedPurchase {
  const { orderId = "", orders = [] } = loadPurchase(saleId) ?? {}
  const known = [...orders, orderId, purchase.orderId ?? ""].filter(Boolean)
  const kept = { ...purchase, orders: [...new Set(known)] }
  save(nameOf(saleId), kept)
  return kept
}

/** Calls `task` whenever another tab of this browser saves a purchase in this sale. */
export function onPurchaseInOtherTab(saleId: string, task: () => void): void {
  window.addEventListener("storage", event => {
    if (event.key === nameOf(saleId)) task()
  })
}
