import { computed, useSignalEffect } from "@preact/signals"
import { Action } from "../offer/action.tsx"
import { Choice } from "../offer/choice.tsx"
import { Price } from "../offer/price.tsx"
import { Stock } from "../offer/stock.tsx"
import { finishOptions, shownFinish } from "../product/finish.ts"
import { Product } from "../product/product.tsx"
import { item, sale } from "../state/state.ts"
import { Announcer } from "./announcer.tsx"
import { Console } from "./console.tsx"
import { Footer, Header } from "./frame.tsx"
import { How } from "./how.tsx"
import { Missing } from "./missing.tsx"
import { Others } from "./others.tsx"
import { Toast } from "./toast.tsx"

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
