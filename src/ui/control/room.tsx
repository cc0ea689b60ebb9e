import { Dialog } from "./dialogs/dialog.tsx"
import { Head } from "./header.tsx"
import { Audit } from "./panels/audit.tsx"
import { Latency } from "./panels/latency.tsx"
import { Log } from "./panels/log.tsx"
import { Nodes } from "./panels/nodes.tsx"
import { Orders } from "./panels/orders.tsx"
import { RehearsalStrip } from "./panels/rehearsal-progress.tsx"
import { Rate } from "./panels/request-rate.tsx"
import { Stock } from "./panels/stock.tsx"
import { Explanation } from "./panels/tooltip.tsx"
import { Undo } from "./panels/undo-bar.tsx"

/** From left to right what an operator asks: are we right, are we fast, are we whole, what just happened? */
export function Room() {
  return (
    <div class="room">
      <Head />
      <RehearsalStrip />
      <main>
        <Stock />
        <Audit />
        <Rate />
        <Latency />
        <Nodes />
        <Orders />
        <Log />
        <Explanation />
      </main>
      <Undo />
      <Dialog />
    </div>
  )
}
