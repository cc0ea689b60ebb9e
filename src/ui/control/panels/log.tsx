import { useSignal } from "@preact/signals"
import type { Action, FailedSignIns } from "../../../wire/wire.ts"
import { preciseTime } from "../../common/format.ts"
import { ScrollArea } from "../../common/scroll-area.tsx"
import { actions, failedSignIns, logLines, saleId } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Tile } from "./tile.tsx"

const FAILURES_SHOWN = 5

/** What happened to the sale and its nodes, or what administrators did. */
export function Log() {
  const say = words.value
  const showsActions = useSignal(false)
  const button = (
    <button
      type="button"
      aria-pressed={showsActions.value}
      onClick={() => {
        showsActions.value = !showsActions.value
      }}
    >
      {say.byAdministrators}
    </button>
  )
  return (
    <Tile name="log" title={say.log} aside={button}>
      <ScrollArea label={say.log}>{showsActions.value ? <Actions /> : <LogLines />}</ScrollArea>
    </Tile>
  )
}

function LogLines() {
  const say = words.value
  const shown = logLines.value.filter(line => line.saleId === undefined || line.saleId === saleId.value)
  return (
    <>
      {shown.length === 0 && <p class="soft">{say.logEmpty}</p>}
      <ol data-testid="log">
        {shown.map(line => (
          <li key={line.id} data-tone={line.tone}>
            <time>{preciseTime(line.at)}</time> <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

function Actions() {
  return (
    <>
      <FailedSignInLines />
      <ol data-testid="actions">
        {actions.value.map(action => (
          <li key={`${action.at} ${action.action} ${action.subject}`} data-tone={toneOf(action)}>
            <time title={action.at}>{preciseTime(Date.parse(action.at))}</time>{" "}
            <span>
              {textOf(action)}{" "}
              <span class="soft">{`${action.by ? `${action.by}, ` : ""}${action.address} → ${action.node}`}</span>
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}

/** From where wrong tokens came in the last minutes. There may be many of them, so only the latest are shown. */
function FailedSignInLines() {
  const shown = failedSignIns.value.slice(0, FAILURES_SHOWN)
  return (
    <ol data-testid="failed-sign-ins">
      {shown.map((row: FailedSignIns) => (
        <li key={`${row.at} ${row.subnet}`} data-tone="bad">
          <time title={row.at}>{preciseTime(Date.parse(row.at))}</time>{" "}
          <span>{words.value.wrongTokens(row.count, row.subnet)}</span>
        </li>
      ))}
    </ol>
  )
}

function toneOf({ status = 200 }: Action): "plain" | "bad" {
  return status < 400 ? "plain" : "bad"
}

/** What an administrator did, in words. An action that this page does not know appears under its API name. */
function textOf({ action, subject, status = 200 }: Action): string {
  const say = words.value
  const verb = Object.hasOwn(say.did, action) ? say.did[action as keyof typeof say.did] : action
  const text = subject ? `${verb}: ${subject}` : verb
  return status < 400 ? text : `${text} (${say.refusedWith(status)})`
}
