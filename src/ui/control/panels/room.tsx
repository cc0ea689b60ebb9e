import { logError } from "../data/admin-request.ts"
import { completed } from "../data/commands.ts"
import { Dialog } from "../dialogs/dialog.tsx"
import { RehearsalProgress } from "../rehearsal.tsx"
import { words } from "../words/words.ts"
import { Audit } from "./audit.tsx"
import { Header } from "./header.tsx"
import { Latency } from "./latency.tsx"
import { Log } from "./log.tsx"
import { Nodes } from "./nodes.tsx"
import { Orders } from "./orders.tsx"
import { RequestRate } from "./request-rate.tsx"
import { Stock } from "./stock.tsx"
import { Tooltip } from "./tooltip.tsx"

/** The panels answer an operator's questions in order: is the stock right, is it fast, are all nodes up, what happened? */
export function Room() {
  return (
    <div class="room">
      <Header />
      <RehearsalProgress />
      <main>
        <Stock />
        <Audit />
        <RequestRate />
        <Latency />
        <Nodes />
        <Orders />
        <Log />
        <Tooltip />
      </main>
      <UndoBar />
      <Dialog />
    </div>
  )
}

/** Says what was done, with a button to undo it. */
function UndoBar() {
  const shown = completed.value
  const undo = shown?.undo
  const press = async () => {
    completed.value = undefined
    logError(await undo?.())
  }
  return (
    <div class="undo" role="status" data-testid="done">
      {shown && (
        <p>
          {shown.text}
          {undo && (
            <button type="button" onClick={press}>
              {words.value.undo}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
