import { inLang } from "../common/lang.ts"
import type { Phase } from "./phase.ts"
import { connected, phase } from "./state.ts"
import { words } from "./words.ts"

/** The house's name, and in one word how the sale stands. */
export function Header() {
  return (
    <header class="top">
      <a class="mark" href={inLang("/")}>
        Doorbuster
      </a>
      <Tag />
    </header>
  )
}

function Tag() {
  const say = words.value
  const now = phase.value
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
