import { tenths } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { clockJump } from "../data/state.ts"
import { words } from "../words/words.ts"
import { WithTooltip } from "./tooltip.tsx"

/** That the store's clock has jumped, by how much, and whether sales wait for it. */
export function ClockJump() {
  const { seconds, isInDoubt } = clockJump.value
  if (!isInDoubt && seconds === 0) return null
  const say = words.value
  const size = `${seconds < 0 ? "−" : "+"}${tenths(Math.abs(seconds), language.value)}`
  return (
    <WithTooltip metric="clock" class="indicator" tone={isInDoubt ? "bad" : "warn"}>
      {isInDoubt ? say.clockInDoubt(size) : say.clockJumped(size)}
    </WithTooltip>
  )
}
