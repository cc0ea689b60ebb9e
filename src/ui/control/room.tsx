import { Audit } from "./audit.tsx"
import { Dialog } from "./dialog.tsx"
import { Head } from "./head.tsx"
import { Explanation } from "./help.tsx"
import { Latency } from "./latency.tsx"
import { Log } from "./log.tsx"
import { Nodes } from "./nodes.tsx"
import { Orders } from "./orders.tsx"
import { Rate } from "./rate.tsx"
import { RehearsalStrip } from "./rehearsal-strip.tsx"
import { Stock } from "./stock.tsx"
import { Undo } from "./undo.tsx"

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
