import { render } from "preact"
import { frontPageOrder } from "../../wire/front-page.ts"
import type { Sale } from "../../wire/wire.ts"
import { ask } from "../common/api.ts"
import { hearClock, startClock } from "../common/clock.ts"
import { follow } from "../common/sale-stream.ts"
import { backoff, pause } from "../common/timers.ts"
import { Page } from "./page/page.tsx"
import { resume } from "./purchase/attempt.ts"
import { recallOrder } from "./purchase/orders.ts"
import { onPurchaseElsewhere, recall } from "./purchase/saved-purchase.ts"
import { ensureSession } from "./purchase/session.ts"
import { connected, hearSale, news, online, phase, sales, stage, stale, trouble } from "./state/state.ts"
import { spoken } from "./words/words.ts"

/** How often a page without a sale looks for one. */
const LOOK_AGAIN_MS = 5_000

const wanted = /^\/sales\/([^/]+)\/?$/.exec(location.pathname)?.[1]

async function findSale(): Promise<Sale> {
  for (let tries = 0; ; tries++) {
    // The first answer was asked for together with the page itself.
    const { body } = await ask<{ sales: Sale[] }>("/api/v1/sales", { cache: tries > 0 ? "no-store" : "default" })
    const found = body && (wanted ? body.sales.find(sale => sale.id === wanted) : frontPageOrder(body.sales)[0])
    if (body) sales.value = body.sales
    if (found) return found
    trouble.value = !body ? "unreachable" : wanted ? "unknown_sale" : "nothing"
    await pause(body ? LOOK_AGAIN_MS : backoff(tries))
  }
}

async function start(): Promise<void> {
  const sale = await findSale()
  hearClock(sale.now)
  hearSale(sale)
  trouble.value = "none"
  const live = follow(sale.id, hearSale)
  live.connected.subscribe(value => {
    stale.value = !value && (stale.value || connected.value)
    connected.value = value
  })
  onPurchaseElsewhere(sale.id, () => {
    if (stage.value.at === "idle" && recall(sale.id)?.state === "ordered") void recallOrder(sale.id)
  })
  void ensureSession()
  await recallOrder(sale.id)
  await resume(sale.id)
}

/** The page opens by itself, and says so. */
let before = phase.value
phase.subscribe(now => {
  if (before === "opening" && now === "open" && stage.value.at === "idle")
    news.value = { kind: "event", what: "opened" }
  before = now
})

for (const event of ["online", "offline"]) {
  window.addEventListener(event, () => {
    if (navigator.onLine && !online.value) news.value = { kind: "event", what: "online" }
    online.value = navigator.onLine
  })
}
startClock()
void start()
void spoken.promise.then(() => render(<Page />, document.getElementById("root")!))
