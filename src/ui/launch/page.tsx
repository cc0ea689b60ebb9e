import { useSignalEffect } from "@preact/signals"
import { Action } from "./action.tsx"
import { Announcer } from "./announcer.tsx"
import { Choice } from "./choice.tsx"
import { Console } from "./console.tsx"
import { lookAt, looks } from "./finish.ts"
import { Footer } from "./footer.tsx"
import { Header } from "./header.tsx"
import { How } from "./how.tsx"
import { Missing } from "./missing.tsx"
import { Others } from "./others.tsx"
import { Phone } from "./phone.tsx"
import { Price } from "./price.tsx"
import { item, sale } from "./state.ts"
import { Stock } from "./stock.tsx"
import { Toast } from "./toast.tsx"

export function Page() {
  const shown = sale.value
  useSignalEffect(() => {
    if (sale.value) document.title = sale.value.name
  })
  if (!shown || !item.value) return <Missing />
  return (
    <div class="page" data-finish={looks.value[lookAt.value]?.finish}>
      <Header />
      <main>
        <section class="stage">
          <div class="title">
            <h1>{shown.name}</h1>
            {shown.description && <p>{shown.description}</p>}
          </div>
          <Phone />
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
