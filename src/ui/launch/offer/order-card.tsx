import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Order } from "../../../wire/wire.ts"
import { minutes, timeOfDay } from "../../common/format.ts"
import { language, withLanguage } from "../../common/language.tsx"
import { clock, every } from "../../common/time.ts"
import { confirmOrCancel, loadSavedOrder } from "../purchase/orders.ts"
import { endPurchase } from "../purchase/saved-purchase.ts"
import { announcement, attemptState, currentSale, phase } from "../state/state.ts"
import { words } from "../words/words.ts"

const ASK_AGAIN_MS = 1000

interface OrderCardProps {
  order: Order
  node: string
  /** Whether the buyer had this order before the last press. */
  already: boolean
}

/** This buyer's order, in the place of the button. */
export function OrderCard({ order, node, already }: OrderCardProps) {
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
  const until = Date.parse(order.payBefore ?? order.createdAt)
  const left = until - clock.value
  const over = left <= 0
  useEffect(() => {
    if (!over) return
    // Only the store decides when a hold is over, and it may do so a moment later than this page's clock.
    const ask = () => void loadSavedOrder(order.saleId)
    ask()
    return every(ASK_AGAIN_MS, ask)
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
  const press = async (verb: "confirm" | "cancel") => {
    if (busy.value) return
    busy.value = true
    await confirmOrCancel(order, verb)
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

/** The receipt, a share button and, where the limit allows it, a button that leads to another purchase. */
function OrderLinks({ order }: { order: Order }) {
  const say = words.value
  const more = currentSale().limitPerCustomer > order.quantity && phase.value === "open"
  const startAgain = () => {
    endPurchase(order.saleId)
    attemptState.value = { status: "idle" }
  }
  return (
    <div class="pair">
      {more && (
        <button type="button" class="secondary" onClick={startAgain}>
          {say.oneMore}
        </button>
      )}
      <a class="secondary" href={withLanguage(`/orders/${order.id}`)}>
        {say.receipt}
      </a>
      <ShareButton />
    </div>
  )
}

/** Shares a link to the sale, never to the order: with the device's share dialog, or else through the clipboard. */
function ShareButton() {
  const say = words.value
  // Browsers offer neither on a page that was loaded over plain HTTP from another machine.
  if (!navigator.share && !navigator.clipboard) return null
  const share = async () => {
    const { id, name } = currentSale()
    const url = `${location.origin}/sales/${id}`
    try {
      if (navigator.share) return await navigator.share({ title: name, text: say.shareText(name), url })
      await navigator.clipboard.writeText(url)
      announcement.value = { kind: "event", event: "copied" }
    } catch {
      // The reader closed the share dialog. That is not a failure.
    }
  }
  return (
    <button type="button" class="secondary" onClick={share}>
      {say.share}
    </button>
  )
}
