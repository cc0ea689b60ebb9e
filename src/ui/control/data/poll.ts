import type { ActionList, FactPage, Node, NodeList, OrderPage, Sale } from "../../../wire/wire.ts"
import { ask } from "../../common/api.ts"
import { pause } from "../../common/timers.ts"
import { hearClock } from "../../common/clock.ts"
import { frontPageOrder } from "../../../wire/front-page.ts"
import { follow, type Live } from "../../common/sale-stream.ts"
import { admin, ofSale } from "./admin-request.ts"
import { tell } from "./journal.ts"
import { readMetrics } from "./metrics.ts"
import { door } from "./session.ts"
import * as room from "./state.ts"
import { words } from "../words/words.ts"

const EVERY_MS = 1_000
/** Facts that a newly opened room tells of; and how many it reads at a time. */
const FACTS_BACK = 30
const FACTS_PAGE = 1_000

let watching = false

/** Follows the system for as long as the administrator is in. Each loop waits for its answer before it asks again. */
export function watch(): void {
  if (watching) return
  watching = true
  for (const step of [readSales, readNodes, readMetrics, readOrders, readJournal, readActions]) void every(step)
}

async function every(step: () => Promise<void>): Promise<void> {
  for (;;) {
    if (door.value.state === "open") await step()
    await pause(EVERY_MS)
  }
}

let live: { saleId: string; feed: Live } | undefined

async function readSales(): Promise<void> {
  const { body } = await ask<{ sales: Sale[] }>("/api/v1/sales")
  room.reachable.value = body !== undefined
  if (!body) return
  // A sale that was made a moment ago may not be known to the replica that answers.
  const unheard = room.sales.value.filter(
    ({ id }) => id === room.saleId.value && !body.sales.some(one => one.id === id),
  )
  room.sales.value = [...body.sales, ...unheard]
  for (const sale of body.sales) hearClock(sale.now)
  if (!room.saleId.value) {
    const [first] = frontPageOrder(body.sales)
    if (first) room.chooseSale(first.id)
  }
  for (const sale of body.sales) room.hearSale(sale)
  const id = room.saleId.value
  if (id && live?.saleId !== id) {
    live?.feed.stop()
    live = { saleId: id, feed: follow(id, room.hearSale, "stay") }
  }
}

async function readNodes(): Promise<void> {
  const { body } = await admin<NodeList>("/nodes")
  if (!body) return
  for (const node of body.nodes)
    tellOfNode(
      room.nodes.value.find(one => one.id === node.id),
      node,
    )
  room.nodes.value = body.nodes
  room.hasDrills.value = body.hasDrills
}

function tellOfNode(before: Node | undefined, now: Node): void {
  if (!before) return
  const say = words.value
  const fell = now.restarts > before.restarts || (now.state === "down" && before.state !== "down")
  if (fell && before.state !== "down") room.log(say.nodeDown(now.id, now.lastExit ?? ""), "bad")
  const rose = now.state === "ready" && (before.state !== "ready" || now.restarts > before.restarts)
  if (rose) room.log(say.nodeBack(now.id, now.restarts), "good")
}

async function readActions(): Promise<void> {
  const { body } = await admin<ActionList>("/actions")
  if (body) room.actions.value = body.actions.toReversed()
}

let ordersSeen = ""

async function readOrders(): Promise<void> {
  const sale = room.sale.value
  if (!sale || ordersSeen === `${sale.id} ${sale.seq}`) return
  const after = Math.max(0, sale.seq - FACTS_BACK)
  const { body } = await admin<OrderPage>(ofSale(sale.id, `/orders?after=${after}`))
  if (!body || room.saleId.value !== sale.id) return
  ordersSeen = `${sale.id} ${sale.seq}`
  room.orders.value = body.orders.toReversed()
}

/** The last fact that was told, by sale: whoever comes back to one reads nothing twice. */
const told = new Map<string, number>()

async function readJournal(): Promise<void> {
  const sale = room.sale.value
  if (!sale) return
  const start = Math.max(0, sale.seq - FACTS_BACK)
  const before = told.get(sale.id) ?? start
  // A rush writes more than anybody reads: a room that fell behind goes on near the end.
  const after = sale.seq - before > FACTS_PAGE ? start : before
  if (sale.seq <= after) return
  const { body } = await admin<FactPage>(ofSale(sale.id, `/facts?after=${after}&limit=${FACTS_PAGE}`))
  const last = body?.facts.at(-1)
  if (!body || !last) return
  told.set(sale.id, last.seq)
  tell(body.facts, sale)
}
