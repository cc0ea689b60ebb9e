import { clock } from "../../common/clock.ts"
import { count, countdown, dayAndTime, tenths } from "../../common/format.ts"
import { language, withLanguage } from "../../common/language.ts"
import type { Phase } from "../state/phase.ts"
import { allGone, attemptState, sale, soldOutMs } from "../state/state.ts"
import { words } from "../words/words.ts"

type StatusKind = Phase | "limit_reached"

/** Where there is nothing to press: what is so, and what happens next. */
export function SaleStatus({ phase }: { phase: StatusKind }) {
  const say = words.value
  if (phase === "scheduled") return <Countdown />
  if (phase === "opening") return <LastSeconds />
  const [title, more] = sentences(phase)
  return (
    <div class="card calm" data-testid="calm">
      <p class="big">{title}</p>
      {more && <p>{more}</p>}
      {(phase === "closed" || (phase === "sold_out" && allGone.value)) && (
        <a class="more" href={withLanguage(`/sales/${sale.value!.id}/proof`)}>
          {say.proof}
        </a>
      )}
    </div>
  )
}

function sentences(phase: StatusKind): [title: string, more?: string] {
  const say = words.value
  if (phase === "sold_out") return soldOut()
  if (phase === "all_held") {
    const minutes = Math.ceil(returningMs() / 60_000)
    return [say.allHeld, minutes > 0 ? say.allHeldMore(minutes) : say.allHeldSome]
  }
  if (phase === "paused") return [say.paused, say.pausedMore]
  if (phase === "closed") return [say.closed, say.closedMore]
  return [say.limitReached]
}

function soldOut(): [title: string, more?: string] {
  const say = words.value
  if (!allGone.value) return [say.soldOutThis, say.soldOutOthers]
  const took = soldOutMs.value
  const total = sale.value!.items.reduce((sum, { sold }) => sum + sold, 0)
  const title = took === undefined ? say.soldOut : say.soldOutIn(duration(took))
  return [title, total > 0 ? say.soldOutMore(total, count(total, language.value)) : undefined]
}

/** When the first held unit may come back: as the refusal said, else no later than the longest hold. */
function returningMs(): number {
  const told = attemptState.value
  const said = told.at === "refused" && told.backAt ? told.backAt - clock.value : 0
  return said > 0 ? said : (sale.value!.holdSeconds ?? 0) * 1000
}

function Countdown() {
  const say = words.value
  const { id, opensAt } = sale.value!
  const at = Date.parse(opensAt)
  return (
    <div class="card calm" data-testid="calm">
      {/* A timer that speaks every second is a torment to listen to. */}
      <p class="big" role="timer" aria-live="off">
        {say.opensIn(countdown(at - clock.value))}
      </p>
      <p>
        {dayAndTime(at, language.value)}. {say.opensItself}
      </p>
      <a class="more" href={`/sales/${id}/calendar.ics`}>
        {say.calendar}
      </a>
    </div>
  )
}

/** The button where it will be, so that the thumb can find it. */
function LastSeconds() {
  const say = words.value
  const seconds = Math.ceil((Date.parse(sale.value!.opensAt) - clock.value) / 1000)
  return (
    <>
      <button type="button" class="buy soon" data-testid="soon" aria-disabled="true">
        <span role="timer" aria-live="off">
          {say.opensInSeconds(count(seconds, language.value))}
        </span>
      </button>
      <p class="note">{say.opensItself}</p>
    </>
  )
}

/** 11.4 seconds, 3.2 minutes, 2 hours. */
function duration(ms: number): string {
  const say = words.value
  const show = (value: number) => tenths(value, language.value)
  if (ms < 120_000) return say.seconds(show(ms / 1000))
  return ms < 7_200_000 ? say.minutes(show(ms / 60_000)) : say.hours(show(ms / 3_600_000))
}
