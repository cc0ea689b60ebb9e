import { withLanguage } from "../../common/language.ts"
import type { Phase } from "../state/phase.ts"
import { allGone, connected, phase } from "../state/state.ts"
import { words } from "../words/words.ts"

/** The house's name, and in one word how the sale stands. */
export function Header() {
  return (
    <header class="top">
      <a class="mark" href={withLanguage("/")}>
        Doorbuster
      </a>
      <Tag />
    </header>
  )
}

function Tag() {
  const say = words.value
  // Of the sale, which goes on while there is another item.
  const now = phase.value === "sold_out" && !allGone.value ? "open" : phase.value
  const text: Record<Phase, string> = {
    open: connected.value ? say.live : say.connecting,
    all_held: connected.value ? say.live : say.connecting,
    scheduled: say.opensTag,
    opening: say.opensTag,
    sold_out: say.soldOutTag,
    paused: say.pausedTag,
    closed: say.closedTag,
  }
  return now ? (
    <p class="tag" data-phase={now} data-connected={connected.value}>
      {text[now]}
    </p>
  ) : null
}
