import { useSignal } from "@preact/signals"
import type { Item, Node, Order, Sale } from "../../../wire/wire.ts"
import { cancel, drill, restock, steer } from "../data/commands.ts"
import { asking } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Question } from "./form-dialog.tsx"
import { Rehearse } from "./rehearse.tsx"
import { SaleForm } from "./sale-form.tsx"

/** What must be typed to close a sale, in every language: it is the verb of the interface. */
const CLOSE = "close"
const UNITS_MAX = 1_000_000_000

/** Asks before anything that cannot be undone, by naming what it would happen to. */
export function Dialog() {
  const what = asking.value
  switch (what?.kind) {
    case "kill":
    case "drain":
      return <Drill node={what.node} kind={what.kind} />
    case "close":
      return <Close sale={what.sale} />
    case "restock":
      return <Restock sale={what.sale} item={what.item} />
    case "cancel":
      return <Cancel order={what.order} />
    case "create":
      return <SaleForm />
    case "edit":
      return <SaleForm sale={what.sale} />
    case "rehearse":
      return <Rehearse />
    default:
      return null
  }
}

function Drill({ node, kind }: { node: Node; kind: "kill" | "drain" }) {
  const say = words.value
  const { id } = node
  const kills = kind === "kill"
  return (
    <Question
      title={kills ? say.killTitle(id) : say.drainTitle(id)}
      text={kills ? say.killText : say.drainText}
      yes={kills ? say.killNode(id) : say.drainNode(id)}
      onYes={() => drill(node, kind)}
      danger={kills}
    />
  )
}

function Close({ sale }: { sale: Sale }) {
  const say = words.value
  const typed = useSignal("")
  return (
    <Question
      title={say.closeTitle(sale.name)}
      text={say.closeText}
      yes={say.closeYes}
      ready={typed.value.trim().toLowerCase() === CLOSE}
      onYes={() => steer(sale, "close")}
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
    </Question>
  )
}

function Restock({ sale, item }: { sale: Sale; item: Item }) {
  const say = words.value
  const units = useSignal(10)
  return (
    <Question
      title={say.restockTitle(item.name)}
      text={say.restockText}
      yes={say.restockYes}
      ready={Number.isInteger(units.value) && units.value >= 1 && units.value <= UNITS_MAX}
      onYes={() => restock(sale.id, item.sku, units.value)}
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
    </Question>
  )
}

function Cancel({ order }: { order?: Order }) {
  const say = words.value
  const id = useSignal(order?.id ?? "")
  const given = id.value.trim().toUpperCase()
  return (
    <Question
      title={say.cancelTitle(order ? `${order.id}, ${order.customerId}` : undefined)}
      text={say.cancelText}
      yes={say.cancelYes}
      ready={given !== ""}
      onYes={() => cancel(given)}
      danger
    >
      {!order && (
        <label>
          {say.order}
          <input
            autocomplete="off"
            placeholder="A7-4Q2M"
            value={id}
            onInput={event => {
              id.value = event.currentTarget.value
            }}
          />
        </label>
      )}
    </Question>
  )
}
