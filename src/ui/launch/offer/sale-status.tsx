import { count, countdown, dayAndTime, tenths } from "../../common/format.ts"
import { language, withLanguage } from "../../common/language.tsx"
import { clock } from "../../common/time.ts"
import type { Phase } from "../state/phase.ts"
import { allGone, attemptState, currentSale, soldOutMs } from "../state/state.ts"
import { words } from "../words/words.ts"

type StatusKind = Phase | "limit_reached"
type Texts = [title: string, more?: string | undefined]

/** Why there is nothing to press, and what happens next. */
export function SaleStatus({ phase }: { phase: StatusKind }) {
  const say = words.value
  if (phase === "scheduled") return <Countdown />
  if (phase === "opening") return <LastSeconds />
  const [title, more] = textsOf(phase)
  return (
    <div class="card" data-testid="sale-status">
      <p class="big">{title}</p>
      {more && <p>{more}</p>}
      {(phase === "closed" || (phase === "sold_out" && allGone.value)) && (
        <a class="more" href={withLanguage(`/sales/${currentSale().id}/proof`)}>
          {say.proof}
        </a>
      )}
    </div>
  )
}

function textsOf(phase: StatusKind): Texts {
  const say = words.value
  if (phase === "sold_out") return soldOut()
  if (phase === "all_held") {
    const minutes = Math.ceil(heldForMs() / 60_000)
    return [say.allHeld, minutes > 0 ? say.allHeldMore(minutes) : say.allHeldSome]
  }
  if (phase === "paused") return [say.paused, say.pausedMore]
  if (phase === "closed") return [say.closed, say.closedMore]
  return [say.limitReached]
}

function soldOut(): Texts {
  const say = words.value
  if (!allGone.value) return [say.soldOutThis, say.soldOutOthers]
  const took = soldOutMs.value
  const total = currentSale().items.reduce((sum, { sold }) => sum + sold, 0)
  const title = took === undefined ? say.soldOut : say.soldOutIn(duration(took))
  return [title, total > 0 ? say.soldOutMore(total, count(total, language.value)) : undefined]
}

/** Milliseconds until a held unit may come back: as the refusal said, or else at most the length of a hold. */
function heldForMs(): number {
  const attempt = attemptState.value
  const left = attempt.status === "refused" && attempt.backAt ? attempt.backAt - clock.value : 0
  return left > 0 ? left : (currentSale().holdSeconds ?? 0) * 1000
}

function Countdown() {
  const say = words.value
  const { id, opensAt } = currentSale()
  const at = Date.parse(opensAt)
  return (
    <div class="card" data-testid="sale-status">
      {/* Without `aria-live="off"` a screen reader would read out every second. */}
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

/** A countdown in the place of the button, so that the thumb is there when the sale opens. */
function LastSeconds() {
  const say = words.value
  const seconds = Math.ceil((Date.parse(currentSale().opensAt) - clock.value) / 1000)
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

/** 11.4 seconds, 3.2 minutes, 2.0 hours. */
function duration(ms: number): string {
  const say = words.value
  const show = (value: number) => tenths(value, language.value)
  if (ms < 120_000) return say.seconds(show(ms / 1000))
  return ms < 7_200_000 ? say.minutes(show(ms / 60_000)) : say.hours(show(ms / 3_600_000))
}
