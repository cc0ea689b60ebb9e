import { useSignal } from "@preact/signals"
import type { Item, Node, Order, Sale } from "../../../wire/wire.ts"
import { cancelOrder, restockItem, setSaleState, stopNode } from "../data/commands.ts"
import { dialogRequest } from "../data/state.ts"
import { RehearseDialog } from "../rehearsal.tsx"
import { words } from "../words/words.ts"
import { FormDialog } from "./form-dialog.tsx"
import { OperatorsDialog } from "./operators.tsx"
import { SaleForm } from "./sale-form.tsx"

/** What must be typed to close a sale. It is the verb of the API, so it is the same in every language. */
const CLOSE = "close"
const UNITS_MAX = 1_000_000_000

/** The dialog that is open. Each action that cannot be undone is confirmed in one that names what it affects. */
export function Dialog() {
  const open = dialogRequest.value
  switch (open?.kind) {
    case "kill":
    case "drain":
      return <StopNodeDialog node={open.node} kind={open.kind} />
    case "close":
      return <CloseSaleDialog sale={open.sale} />
    case "restock":
      return <RestockDialog sale={open.sale} item={open.item} />
    case "cancel":
      return <CancelOrderDialog order={open.order} />
    case "create":
      return <SaleForm />
    case "edit":
      return <SaleForm sale={open.sale} />
    case "operators":
      return <OperatorsDialog />
    case "rehearse":
      return <RehearseDialog />
    default:
      return null
  }
}

function StopNodeDialog({ node, kind }: { node: Node; kind: "kill" | "drain" }) {
  const say = words.value
  const { id } = node
  const kills = kind === "kill"
  return (
    <FormDialog
      title={kills ? say.killTitle(id) : say.drainTitle(id)}
      text={kills ? say.killText : say.drainText}
      submitText={kills ? say.killNode(id) : say.drainNode(id)}
      onSubmit={() => stopNode(node, kind)}
      danger={kills}
    />
  )
}

function CloseSaleDialog({ sale }: { sale: Sale }) {
  const say = words.value
  const typed = useSignal("")
  return (
    <FormDialog
      title={say.closeTitle(sale.name)}
      text={say.closeText}
      submitText={say.closeYes}
      ready={typed.value.trim().toLowerCase() === CLOSE}
      onSubmit={() => setSaleState(sale, "close")}
      danger
    >
      <label>
        {say.closePhrase(CLOSE)}
        <input
          autocomplete="off"
          value={typed}
          onInput={event => {
            typed.value = event.currentTarget.value
          }}
        />
      </label>
    </FormDialog>
  )
}

function RestockDialog({ sale, item }: { sale: Sale; item: Item }) {
  const say = words.value
  const units = useSignal(10)
  return (
    <FormDialog
      title={say.restockTitle(item.name)}
      text={say.restockText}
      submitText={say.restockYes}
      ready={Number.isInteger(units.value) && units.value >= 1 && units.value <= UNITS_MAX}
      onSubmit={() => restockItem(sale.id, item.sku, units.value)}
    >
      <label>
        {say.restockUnits}
        <input
          type="number"
          min={1}
          max={UNITS_MAX}
          value={units}
          onInput={event => {
            units.value = event.currentTarget.valueAsNumber
          }}
        />
      </label>
    </FormDialog>
  )
}

function CancelOrderDialog({ order }: { order: Order | undefined }) {
  const say = words.value
  const typed = useSignal(order?.id ?? "")
  const id = typed.value.trim().toUpperCase()
  return (
    <FormDialog
      title={say.cancelTitle(order ? `${order.id}, ${order.customerId}` : undefined)}
      text={say.cancelText}
      submitText={say.cancelYes}
      ready={id !== ""}
      onSubmit={() => cancelOrder(id)}
      danger
    >
      {!order && (
        <label>
          {say.order}
          <input
            autocomplete="off"
            placeholder="A7-4Q2M"
            value={typed}
            onInput={event => {
              typed.value = event.currentTarget.value
            }}
          />
        </label>
      )}
    </FormDialog>
  )
}
