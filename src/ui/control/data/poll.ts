import { frontPageOrder } from "../../../wire/front-page.ts"
import type { ActionList, FactPage, Node, NodeList, OrderPage, Sale, SaleList } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { followSale, type SaleStream } from "../../common/sale-stream.ts"
import { sleep, syncClock } from "../../common/time.ts"
import { words } from "../words/words.ts"
import { adminRequest, salePath } from "./admin-request.ts"
import { logFacts } from "./journal.ts"
import { readMetrics } from "./metrics.ts"
import { signInState } from "./session.ts"
import * as state from "./state.ts"

const INTERVAL_MS = 1_000
/** How many facts the log of a newly chosen sale begins with. */
const FIRST_FACTS = 30
const FACTS_PER_PAGE = 1_000

let polling = false

/** Reads the system again and again while the administrator is signed in. Each loop waits for its own response. */
export function startPolling(): void {
  if (polling) return
  polling = true
  for (const read of [readSales, readNodes, readMetrics, readOrders, readJournal, readActions]) void repeat(read)
}

async function repeat(read: () => Promise<void>): Promise<void> {
  for (;;) {
    if (signInState.value.state === "signed_in") await read()
    await sleep(INTERVAL_MS)
  }
}

let current: { saleId: string; stream: SaleStream } | undefined

/** Every page of the list; undefined if one did not come. */
async function allSales(): Promise<Sale[] | undefined> {
  const found: Sale[] = []
  for (let path = "/api/v1/sales"; ; ) {
    const { body } = await request<SaleList>(path)
    if (!body) return undefined
    found.push(...body.sales)
    if (body.next === undefined) return found
    path = `/api/v1/sales?after=${body.next}&limit=1000`
  }
}

async function readSales(): Promise<void> {
  const found = await allSales()
  state.serverReachable.value = found !== undefined
  if (!found) return
  // The replica that answers may not have heard yet of a sale that was created a moment ago.
  const unheard = state.sales.value.filter(({ id }) => id === state.saleId.value && !found.some(one => one.id === id))
  state.sales.value = [...found, ...unheard]
  for (const sale of found) syncClock(sale.now)
  if (!state.saleId.value) {
    const [first] = frontPageOrder(found)
    if (first) state.chooseSale(first.id)
  }
  for (const sale of found) state.updateSale(sale)
  const id = state.saleId.value
  if (id && current?.saleId !== id) {
    current?.stream.stop()
    current = { saleId: id, stream: followSale(id, state.updateSale, "stay") }
  }
}

async function readNodes(): Promise<void> {
  const { body } = await adminRequest<NodeList>("/nodes")
  if (!body) return
  const before = new Map(state.nodes.value.map(node => [node.id, node]))
  for (const node of body.nodes) logNodeChange(before.get(node.id), node)
  state.nodes.value = body.nodes
  state.hasDrills.value = body.hasDrills
}

function logNodeChange(before: Node | undefined, now: Node): void {
  if (!before) return
  const say = words.value
  const restarted = now.restarts > before.restarts
  const wentDown = restarted || (now.state === "down" && before.state !== "down")
  if (wentDown && before.state !== "down") state.addLogLine(say.nodeDown(now.id, now.lastExit ?? ""), "bad")
  const cameBack = now.state === "ready" && (before.state !== "ready" || restarted)
  if (cameBack) state.addLogLine(say.nodeBack(now.id, now.restarts), "good")
}

async function readActions(): Promise<void> {
  const { body } = await adminRequest<ActionList>("/actions")
  if (!body) return
  state.actions.value = body.actions.toReversed()
  state.failedSignIns.value = body.failedSignIns.toReversed()
}

let ordersShown = ""

async function readOrders(): Promise<void> {
  const sale = state.sale.value
  if (!sale || ordersShown === `${sale.id} ${sale.seq}`) return
  const after = Math.max(0, sale.seq - FIRST_FACTS)
  const { body } = await adminRequest<OrderPage>(salePath(sale.id, `/orders?after=${after}`))
  if (!body || state.saleId.value !== sale.id) return
  ordersShown = `${sale.id} ${sale.seq}`
  state.orders.value = body.orders.toReversed()
}

/** The `seq` of the last fact that was logged, by sale, so that no fact is logged twice. */
const lastLogged = new Map<string, number>()

async function readJournal(): Promise<void> {
  const sale = state.sale.value
  if (!sale) return
  const start = Math.max(0, sale.seq - FIRST_FACTS)
  const logged = lastLogged.get(sale.id) ?? start
  // A rush writes more facts than one page holds. A log that falls behind skips to the latest ones.
  const after = sale.seq - logged > FACTS_PER_PAGE ? start : logged
  if (sale.seq <= after) return
  const { body } = await adminRequest<FactPage>(salePath(sale.id, `/facts?after=${after}&limit=${FACTS_PER_PAGE}`))
  const last = body?.facts.at(-1)
  if (!body || !last) return
  lastLogged.set(sale.id, last.seq)
  logFacts(body.facts, sale)
}
