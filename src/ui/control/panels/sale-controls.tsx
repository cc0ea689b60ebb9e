import type { Sale } from "../../../wire/wire.ts"
import { language, withLanguage } from "../../common/language.tsx"
import { logError } from "../data/admin-request.ts"
import { amendSale, setSaleState } from "../data/commands.ts"
import { timeWithDate } from "../data/durations.ts"
import { mayChange } from "../data/session.ts"
import { openDialog } from "../data/state.ts"
import { words } from "../words/words.ts"

/** The sale's state, and the buttons that change it. */
export function SaleControls({ sale }: { sale: Sale }) {
  const say = words.value
  const { id, state, opensAt, limitPerCustomer } = sale
  return (
    <div class="sale-controls">
      <span class="indicator" data-tone={state === "open" ? "good" : state === "paused" ? "warn" : "plain"}>
        {say.states[state]}
      </span>
      <span class="soft">
        {state === "scheduled"
          ? say.opens(timeWithDate(Date.parse(opensAt), language.value))
          : say.limit(limitPerCustomer)}
      </span>
      {mayChange.value && state !== "closed" && (
        <>
          <NextStateButton sale={sale} />
          <button type="button" onClick={() => openDialog({ kind: "edit", sale })}>
            {say.edit}
          </button>
          <button type="button" onClick={() => openDialog({ kind: "close", sale })}>
            {say.close}
          </button>
        </>
      )}
      <a class="button" href={withLanguage(`/sales/${id}`)}>
        {say.openPage}
      </a>
    </div>
  )
}

/** Opens a scheduled sale, pauses an open one, resumes a paused one. */
function NextStateButton({ sale }: { sale: Sale }) {
  const say = words.value
  const { state, name } = sale
  const press = async () => {
    if (state === "scheduled") {
      logError(await amendSale(sale, { opensAt: "now" }, say.openedDone(name)))
    } else logError(await setSaleState(sale, state === "paused" ? "resume" : "pause"))
  }
  return (
    <button type="button" class={state === "open" ? "" : "primary"} onClick={press}>
      {state === "scheduled" ? say.openNow : state === "paused" ? say.resume : say.pause}
    </button>
  )
}
