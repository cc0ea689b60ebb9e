import { computed, useSignalEffect } from "@preact/signals"
import { LanguageLinks, withLanguage } from "../../common/language.tsx"
import { Action } from "../offer/action.tsx"
import { Choice, Price, Stock } from "../offer/item.tsx"
import { finishOptions, shownFinish } from "../product/finish.ts"
import { Product } from "../product/product.tsx"
import type { Phase } from "../state/phase.ts"
import { allGone, connected, item, loadState, phase, sale } from "../state/state.ts"
import { words } from "../words/words.ts"
import { Announcer, Toast } from "./announcements.tsx"
import { Console } from "./console.tsx"
import { How } from "./how.tsx"
import { Others } from "./others.tsx"

const isLoaded = computed(() => sale.value !== undefined && item.value !== undefined)
const name = computed(() => sale.value?.name ?? "")
const description = computed(() => sale.value?.description)

/** The launch page. It renders once; its parts follow the signals, so that a sold unit redraws only its own dot. */
export function Page() {
  useSignalEffect(() => {
    if (name.value) document.title = name.value
  })
  useSignalEffect(() => {
    document.body.dataset.finish = finishOptions.value[shownFinish.value]?.finish
  })
  if (!isLoaded.value) return <Missing />
  return (
    <div class="page">
      <Header />
      <main>
        <section class="hero">
          <div class="title">
            <h1>{name}</h1>
            <p>{description}</p>
          </div>
          <Product />
          <div class="offer">
            <Choice />
            <Price />
            <Stock />
            <Action />
          </div>
        </section>
        <How />
        <Console />
        <Others />
      </main>
      <Footer />
      <Toast />
      <Announcer />
    </div>
  )
}

/** The product's name, and the sale's phase in a word. */
function Header() {
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

function Footer() {
  const say = words.value
  return (
    <footer class="foot">
      <LanguageLinks label={say.language} />
      <a href="/docs">{say.docs}</a>
    </footer>
  )
}

/** The page while there is no sale to show, and why. */
function Missing() {
  const say = words.value
  const why = loadState.value
  return (
    <div class="page missing">
      <main>
        {why === "loading" && <h1 class="quiet">{say.loading}</h1>}
        {why === "unreachable" && <h1>{say.unreachable}</h1>}
        {why === "no_sale" && (
          <>
            <h1>{say.noSale}</h1>
            <p>{say.noSaleMore}</p>
          </>
        )}
        {why === "unknown_sale" && (
          <>
            <h1>{say.unknownSale}</h1>
            <a class="secondary" href="/">
              {say.home}
            </a>
          </>
        )}
      </main>
      <Footer />
    </div>
  )
}
