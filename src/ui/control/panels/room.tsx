import { Dialog } from "../dialogs/dialog.tsx"
import { Audit } from "./audit.tsx"
import { Header } from "./header.tsx"
import { Latency } from "./latency.tsx"
import { Log } from "./log.tsx"
import { Nodes } from "./nodes.tsx"
import { Orders } from "./orders.tsx"
import { RehearsalProgress } from "./rehearsal-progress.tsx"
import { RequestRate } from "./request-rate.tsx"
import { Stock } from "./stock.tsx"
import { Tooltip } from "./tooltip.tsx"
import { UndoBar } from "./undo-bar.tsx"

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
