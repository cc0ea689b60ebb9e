import { effect, untracked } from "@preact/signals"
import { render } from "preact"
import { startClock } from "../common/time.ts"
import { logError } from "./data/admin-request.ts"
import { completed } from "./data/commands.ts"
import { startPolling } from "./data/poll.ts"
import { restoreSession, signInState } from "./data/session.ts"
import { Dialog } from "./dialogs/dialog.tsx"
import { Audit } from "./panels/audit.tsx"
import { Header } from "./panels/header.tsx"
import { Latency } from "./panels/latency.tsx"
import { Log } from "./panels/log.tsx"
import { Nodes } from "./panels/nodes.tsx"
import { Orders } from "./panels/orders.tsx"
import { RequestRate } from "./panels/request-rate.tsx"
import { Stock } from "./panels/stock.tsx"
import { Tooltip } from "./panels/tooltip.tsx"
import { RehearsalProgress } from "./rehearsal.tsx"
import { SignIn } from "./sign-in.tsx"
import { words } from "./words/words.ts"

/** The panels answer an operator's questions in order: is the stock right, is it fast, are all nodes up, what happened? */
function Room() {
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

const Control = () => (signInState.value.state === "signed_in" ? <Room /> : <SignIn />)

startClock()
effect(() => {
  document.title = words.value.title
})
signInState.subscribe(({ state }) => {
  if (state === "signed_in") untracked(startPolling)
})
render(<Control />, document.getElementById("root")!)
await restoreSession()
