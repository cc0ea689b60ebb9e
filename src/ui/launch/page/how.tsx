import { minutes } from "../../common/format.ts"
import { currentSale } from "../state/state.ts"
import { words } from "../words/words.ts"

/** How the sale works: the limit, the proof, and the hold or the safe retry. */
export function How() {
  const say = words.value
  const { limitPerCustomer, checkout, holdSeconds } = currentSale()
  const points = [
    [say.howLimit(limitPerCustomer), say.howLimitText(limitPerCustomer)],
    [say.howOnce, say.howOnceText],
    checkout === "hold"
      ? [say.howHold, say.howHoldText(minutes((holdSeconds ?? 0) * 1000))]
      : [say.howSafe, say.howSafeText],
  ]
  return (
    <section class="how" aria-labelledby="how">
      <h2 id="how">{say.how}</h2>
      <ul>
        {points.map(([title, text]) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
