import { useState } from "preact/hooks"
import { preciseTime } from "../../common/format.ts"
import { ScrollArea } from "../../common/scroll-area.tsx"
import { consoleLines } from "../state/state.ts"
import { words } from "../words/words.ts"

/** One line for each purchase attempt, with the node that answered. It starts open on a wide screen. */
export function Console() {
  const say = words.value
  const [open] = useState(() => matchMedia("(min-width: 60rem)").matches)
  return (
    <section class="console">
      <details open={open}>
        <summary>{say.console}</summary>
        {consoleLines.value.length === 0 ? <p>{say.consoleEmpty}</p> : <ConsoleTable />}
      </details>
    </section>
  )
}

function ConsoleTable() {
  const say = words.value
  return (
    <ScrollArea label={say.console}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say.consoleTime}</th>
            <th scope="col">{say.consoleNode}</th>
            <th scope="col">{say.consoleOutcome}</th>
            <th scope="col">{say.consoleMs}</th>
          </tr>
        </thead>
        <tbody data-testid="console">
          {consoleLines.value.map(line => (
            <tr key={line.time} data-good={line.succeeded}>
              <td>{preciseTime(line.time)}</td>
              <td>{line.node || "–"}</td>
              <td>
                {line.outcome ?? say.noAnswer}
                {line.replayed && ` (${say.consoleReplayed})`}
              </td>
              <td>{Math.round(line.ms)} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}
