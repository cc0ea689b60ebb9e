import { withLanguage } from "../../common/language.ts"
import { LanguageLinks } from "../../common/language-links.tsx"
import type { Phase } from "../state/phase.ts"
import { allGone, connected, phase } from "../state/state.ts"
import { words } from "../words/words.ts"

/** The product's name, and the sale's phase in a word. */
export function Header() {
  return (
    <header class="top">
      <a class="mark" href={withLanguage("/")}>
        Doorbuster
      </a>
      <PhaseTag />
    </header>
  )
}

function PhaseTag() {
  const say = words.value
  // The tag is about the whole sale, which goes on while another item is left.
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

export function Footer() {
  const say = words.value
  return (
    <footer class="foot">
      <LanguageLinks label={say.language} />
      <a href="/docs">{say.docs}</a>
    </footer>
  )
}
