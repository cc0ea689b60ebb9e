import type { Sale } from "../../../wire/wire.ts"
import { inLang, lang } from "../../common/language.ts"
import { complain } from "../data/action-error.ts"
import { amend, steer } from "../data/commands.ts"
import { when } from "../data/durations.ts"
import { type Asking, asking } from "../data/state.ts"
import { words } from "../words/words.ts"

/** Where the sale stands, and what can be done about it. */
export function Steering({ shown }: { shown: Sale }) {
  const say = words.value
  const { id, state, opensAt, limitPerCustomer } = shown
  return (
    <div class="steering">
      <span class="sign" data-tone={state === "open" ? "good" : state === "paused" ? "warn" : "plain"}>
        {say.states[state]}
      </span>
      <span class="soft">
        {state === "scheduled" ? say.opens(when(Date.parse(opensAt), lang.value)) : say.limit(limitPerCustomer)}
      </span>
      {state !== "closed" && (
        <>
          <Next shown={shown} />
          <button type="button" onClick={() => ask({ kind: "edit", sale: shown })}>
            {say.edit}
          </button>
          <button type="button" onClick={() => ask({ kind: "close", sale: shown })}>
            {say.close}
          </button>
        </>
      )}
      <a class="button" href={inLang(`/sales/${id}`)}>
        {say.openPage}
      </a>
    </div>
  )
}

/** The one button that moves the sale on, whatever its state. */
function Next({ shown }: { shown: Sale }) {
  const say = words.value
  const { state } = shown
  const act = async () => {
    if (state === "scheduled")
      complain(await amend(shown, { opensAt: new Date().toISOString() }, say.openedDone(shown.name)))
    else complain(await steer(shown, state === "paused" ? "resume" : "pause"))
  }
  const name = state === "scheduled" ? say.openNow : state === "paused" ? say.resume : say.pause
  return (
    <button type="button" class={state === "open" ? "" : "primary"} onClick={act}>
      {name}
    </button>
  )
}

function ask(what: Asking): void {
  asking.value = what
}
