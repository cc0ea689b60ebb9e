import { clock } from "../common/clock.ts"
import { count, countdown } from "../common/format.ts"
import { lang } from "../common/lang.ts"
import type { Phase } from "./phase.ts"
import { item, sale, soldOutMs } from "./state.ts"
import { words } from "./words.ts"

type Kind = Exclude<Phase, "open"> | "limit_reached" | "open"

/** Where there is nothing to press: what is so, and what happens next. */
export function Calm({ phase }: { phase: Kind }) {
  if (phase === "scheduled") return <Countdown />
  const [title, more] = sentences(phase)
  return (
    <div class="card calm" data-testid="calm">
      <p class="big">{title}</p>
      {more && <p>{more}</p>}
    </div>
  )
}

function sentences(phase: Kind): [title: string, more?: string] {
  const say = words.value
  const { holdSeconds } = sale.value!
  if (phase === "sold_out") {
    const took = soldOutMs.value
    return [
      took === undefined ? say.soldOut : say.soldOutIn(duration(took)),
      say.soldOutMore(count(item.value!.total, lang.value)),
    ]
  }
  if (phase === "all_held") {
    return [say.allHeld, holdSeconds ? say.allHeldMore(Math.ceil(holdSeconds / 60)) : say.allHeldSome]
  }
  if (phase === "paused") return [say.paused, say.pausedMore]
  if (phase === "closed") return [say.closed, say.closedMore]
  return [say.limitReached]
}

function Countdown() {
  const say = words.value
  const left = Date.parse(sale.value!.opensAt) - clock.value
  return (
    <div class="card calm" data-testid="calm">
      {/* A timer that speaks every second is a torment to listen to. */}
      <p class="big" role="timer" aria-live="off">
        {say.opensIn(countdown(left))}
      </p>
      <p>{say.opensItself}</p>
    </div>
  )
}

/** 11.4 seconds, 3.2 minutes, 2 hours. */
function duration(ms: number): string {
  const say = words.value
  const show = (value: number) => count(value, lang.value, 1)
  if (ms < 120_000) return say.seconds(show(ms / 1000))
  return ms < 7_200_000 ? say.minutes(show(ms / 60_000)) : say.hours(show(ms / 3_600_000))
}
