import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Order } from "../../../wire/wire.ts"
import { clock } from "../../common/clock.ts"
import { minutes, timeOfDay } from "../../common/format.ts"
import { language, withLanguage } from "../../common/language.ts"
import { confirmOrCancel, loadSavedOrder } from "../purchase/orders.ts"
import { forgetPurchase } from "../purchase/saved-purchase.ts"
import { attemptState, phase, sale } from "../state/state.ts"
import { words } from "../words/words.ts"
import { Share } from "./share.tsx"

const ASK_AGAIN_MS = 1000

interface Shown {
  order: Order
  node: string
  already: boolean
}

/** The order that this buyer has, in place of the button. */
export function OrderCard({ order, node, already }: Shown) {
  const say = words.value
  const held = order.state === "held"
  return (
    <div class="card order" data-state={order.state} data-testid="order">
      {held ? <TimeLeft order={order} /> : <p class="big">{already ? say.limitReached : say.yours}</p>}
      <dl>
        <div>
          <dt>{say.order}</dt>
          <dd data-testid="order-id">{order.id}</dd>
        </div>
        <div>
          <dt>{say.servedBy}</dt>
          <dd data-testid="order-node">{node}</dd>
        </div>
        {!held && (
          <div>
            <dt>{say.boughtAt}</dt>
            <dd>{timeOfDay(Date.parse(order.createdAt), language.value)}</dd>
          </div>
        )}
      </dl>
      {held ? <HeldOrderButtons order={order} /> : <OrderLinks order={order} />}
    </div>
  )
}

function TimeLeft({ order }: { order: Order }) {
  const say = words.value
  const until = Date.parse(order.payBefore!)
  const left = until - clock.value
  const over = left <= 0
  useEffect(() => {
    if (!over) return
    // The store, not this clock, says whether it is really over, and may say so a moment later.
    const ask = () => void loadSavedOrder(order.saleId)
    ask()
    const again = setInterval(ask, ASK_AGAIN_MS)
    return () => clearInterval(again)
  }, [over, order.saleId])
  return (
    <div>
      <p class="time-left" role="timer" aria-live="off">
        {minutes(left)}
      </p>
      <p>{say.heldUntil(timeOfDay(until, language.value))}</p>
    </div>
  )
}

function HeldOrderButtons({ order }: { order: Order }) {
  const say = words.value
  const busy = useSignal(false)
  const press = async (what: "confirm" | "cancel") => {
    if (busy.value) return
    busy.value = true
    await confirmOrCancel(order, what)
    busy.value = false
  }
  return (
    <div class="pair">
      <button type="button" class="buy" aria-disabled={busy.value} onClick={() => press("confirm")}>
        {busy.value ? say.working : say.confirm}
      </button>
      <button type="button" class="secondary" aria-disabled={busy.value} onClick={() => press("cancel")}>
        {say.giveBack}
      </button>
    </div>
  )
}

/** What to keep and what to tell. Where the limit allows another, the next press asks for another order. */
function OrderLinks({ order }: { order: Order }) {
  const say = words.value
  const more = sale.value!.limitPerCustomer > order.quantity && phase.value === "open"
  return (
    <div class="pair">
      {more && (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            forgetPurchase(order.saleId)
            attemptState.value = { at: "idle" }
          }}
        >
          {say.oneMore}
        </button>
      )}
      <a class="secondary" href={withLanguage(`/orders/${order.id}`)}>
        {say.receipt}
      </a>
      <Share />
    </div>
  )
}
