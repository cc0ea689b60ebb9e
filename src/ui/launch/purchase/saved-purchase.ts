import { load, remove, save } from "../../common/storage.ts"

/**
 * What this browser remembers of its wish to buy from one sale. The key is written down before anything is sent, so a
 * reload, a crash or a second tab asks for the same order.
 *
 * `wanted`: sent, no answer is known. `refused`: a definite no; the same key may be tried again. `ordered`: yours.
 */
export interface SavedPurchase {
  key: string
  sku: string
  quantity: number
  at: number
  state: "wanted" | "refused" | "ordered"
  orderId?: string
}

const nameOf = (saleId: string) => `doorbuster:purchase:${saleId}`

export const loadPurchase = (saleId: string) => load<SavedPurchase>(nameOf(saleId))
export const forgetPurchase = (saleId: string) => remove(nameOf(saleId))

/** Writes down the wish to buy one unit. An attempt whose answer is not known goes on as it was, whatever is wished now. */
export function startPurchase(saleId: string, sku: string): SavedPurchase {
  const earlier = loadPurchase(saleId)
  if (earlier?.state === "wanted") return earlier
  const key = earlier?.state === "refused" && earlier.sku === sku ? earlier.key : newKey()
  return savePurchase(saleId, { key, sku, quantity: 1, at: Date.now(), state: "wanted" })
}

export function savePurchase(saleId: string, purchase: SavedPurchase): SavedPurchase {
  save(nameOf(saleId), purchase)
  return purchase
}

/** Tells when another tab of this browser wrote something down for this sale. */
export function onPurchaseElsewhere(saleId: string, then: () => void): void {
  window.addEventListener("storage", event => {
    if (event.key === nameOf(saleId)) then()
  })
}

/** 128 random bits. `crypto.randomUUID` is missing where a page comes over plain HTTP, as from a shop's own network. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("")
}
