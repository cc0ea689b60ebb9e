import { render } from "preact"
import type { Sale, SaleList } from "../../wire/wire.ts"
import { request } from "../common/api.ts"
import { followSale } from "../common/sale-stream.ts"
import { backoffMs, sleep, startClock, syncClock } from "../common/time.ts"
import { Page } from "./page/page.tsx"
import { resume } from "./purchase/attempt.ts"
import { loadSavedOrder } from "./purchase/orders.ts"
import { loadPurchase, onPurchaseInOtherTab } from "./purchase/saved-purchase.ts"
import { ensureSession } from "./purchase/session.ts"
import {
  announcement,
  attemptState,
  connected,
  loadState,
  online,
  phase,
  sales,
  stale,
  updateSale,
} from "./state/state.ts"
import { wordsLoaded } from "./words/words.ts"

/** How often a page without a sale looks for one. */
const LOOK_AGAIN_MS = 5_000

const wantedId = /^\/sales\/([^/]+)\/?$/.exec(location.pathname)?.[1]

async function findSale(): Promise<Sale> {
  for (let tries = 0; ; tries++) {
    // The page's Link header has the browser preload the first response.
    const { body } = await request<SaleList>("/api/v1/front-page", { cache: tries > 0 ? "no-store" : "default" })
    const found = body && (wantedId ? await wantedSale(body.sales, wantedId) : body.sales[0])
    if (body) sales.value = body.sales
    if (found) return found
    loadState.value = !body ? "unreachable" : wantedId ? "unknown_sale" : "no_sale"
    await sleep(body ? LOOK_AGAIN_MS : backoffMs(tries))
  }
}

/** A sale that is over is not on the front page. */
async function wantedSale(shown: readonly Sale[], id: string): Promise<Sale | undefined> {
  return shown.find(sale => sale.id === id) ?? (await request<Sale>(`/api/v1/sales/${id}`)).body
}

async function start(): Promise<void> {
  const sale = await findSale()
  syncClock(sale.now)
  updateSale(sale)
  loadState.value = "loaded"
  const stream = followSale(sale.id, updateSale)
  stream.connected.subscribe(value => {
    stale.value = !value && (stale.value || connected.value)
    connected.value = value
  })
  onPurchaseInOtherTab(sale.id, () => {
    if (attemptState.value.status === "idle" && loadPurchase(sale.id)?.state === "ordered") {
      void loadSavedOrder(sale.id)
    }
  })
  void ensureSession()
  await loadSavedOrder(sale.id)
  await resume(sale.id)
}

/** Announces the opening of the sale. */
function announceOpening(): void {
  let before = phase.value
  phase.subscribe(now => {
    if (before === "opening" && now === "open" && attemptState.value.status === "idle") {
      announcement.value = { kind: "event", event: "opened" }
    }
    before = now
  })
}

function followConnection(): void {
  for (const event of ["online", "offline"]) {
    window.addEventListener(event, () => {
      if (navigator.onLine && !online.value) announcement.value = { kind: "event", event: "online" }
      online.value = navigator.onLine
    })
  }
}

announceOpening()
followConnection()
startClock()
void start()
void wordsLoaded.promise.then(() => render(<Page />, document.getElementById("root")!))
