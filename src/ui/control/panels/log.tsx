import { useSignal } from "@preact/signals"
import type { Action } from "../../../wire/wire.ts"
import { preciseTime } from "../../common/format.ts"
import { Scroll } from "../../common/scroll.tsx"
import { actions, entries, saleId } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Tile } from "./tile.tsx"

/** What just happened: to the sale and its nodes, or by an administrator's hand. */
export function Log() {
  const say = words.value
  const byHand = useSignal(false)
  const button = (
    <button
      type="button"
      aria-pressed={byHand.value}
      onClick={() => {
        byHand.value = !byHand.value
      }}
    >
      {say.byAdministrators}
    </button>
  )
  return (
    <Tile name="log" title={say.log} aside={button}>
      <Scroll label={say.log}>{byHand.value ? <Actions /> : <Events />}</Scroll>
    </Tile>
  )
}

function Events() {
  const say = words.value
  const shown = entries.value.filter(entry => entry.saleId === undefined || entry.saleId === saleId.value)
  return (
    <>
      {shown.length === 0 && <p class="soft">{say.logEmpty}</p>}
      <ol data-testid="log">
        {shown.map(entry => (
          <li key={entry.id} data-tone={entry.tone}>
            <time>{preciseTime(entry.at)}</time> <span>{entry.text}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

function Actions() {
  return (
    <ol data-testid="actions">
      {actions.value.map(action => (
        <li key={`${action.at} ${action.action} ${action.subject}`} data-tone={toneOf(action)}>
          <time title={action.at}>{preciseTime(Date.parse(action.at))}</time>{" "}
          <span>
            {sentenceOf(action)} <span class="soft">{`${action.address} → ${action.node}`}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}

function toneOf({ status = 200 }: Action): "plain" | "bad" {
  return status < 400 ? "plain" : "bad"
}

/** An action that this page does not know yet is named as the API names it. */
function sentenceOf({ action, subject, status = 200 }: Action): string {
  const say = words.value
  const known = Object.hasOwn(say.did, action) ? say.did[action as keyof typeof say.did] : action
  const what = subject ? `${known}: ${subject}` : known
  return status < 400 ? what : `${what} (${say.refusedWith(status)})`
}
