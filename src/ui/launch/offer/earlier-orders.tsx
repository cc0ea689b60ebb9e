import { withLanguage } from "../../common/language.tsx"
import { loadSavedOrder } from "../purchase/orders.ts"
import { endPurchase, ordersOf } from "../purchase/saved-purchase.ts"
import { attemptState, currentSale, phase } from "../state/state.ts"
import { words } from "../words/words.ts"

/** An order that the shop no longer shows to this browser: its number, and what the buyer can do. */
export function LostOrder({ orderId }: { orderId: string }) {
  const say = words.value
  const saleId = currentSale().id
  const startAgain = () => {
    endPurchase(saleId)
    attemptState.value = { status: "idle" }
  }
  return (
    <div class="card order" data-testid="order-lost">
      <p class="big">
        {say.order} <span data-testid="order-id">{orderId}</span>
      </p>
      <p>{say.orderLost}</p>
      <div class="pair">
        <button type="button" class="secondary" onClick={() => void loadSavedOrder(saleId)}>
          {say.checkAgain}
        </button>
        {phase.value === "open" && (
          <button type="button" class="secondary" onClick={startAgain}>
            {say.orderAnyway}
          </button>
        )}
      </div>
    </div>
  )
}

/** The orders that this browser had in this sale, so that nobody buys again without knowing. */
export function EarlierOrders() {
  const orders = ordersOf(currentSale().id)
  if (orders.length === 0) return null
  return (
    <p class="note" data-testid="earlier-orders">
      {words.value.earlierOrders}{" "}
      {orders.map(id => (
        <a key={id} class="more" href={withLanguage(`/orders/${id}`)}>
          {id}
        </a>
      ))}
    </p>
  )
}
