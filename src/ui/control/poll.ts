import type { FactPage, Node, NodeList, OrderPage, Sale } from "../../wire.ts"
import { ask } from "../common/api.ts"
import { pause } from "../common/backoff.ts"
import { hearClock, serverTime } from "../common/clock.ts"
import { foremost } from "../common/foremost.ts"
import { follow, type Live } from "../common/live.ts"
import { admin, ofSale } from "./admin.ts"
import { tell } from "./journal.ts"
import { between, type Scrape } from "./rates.ts"
import { gauge, parseMetrics } from "./scrape.ts"
import * as room from "./state.ts"
import { token } from "./token.ts"
import { words } from "./words.ts"

const EVERY_MS = 1_000
/** Facts that a newly opened room tells of; and how many it reads at a time. */
const FACTS_BACK = 30
const FACTS_PAGE = 1_000

let watching = false

/** Follows the system for as long as there is a token. Each loop waits for its answer before it asks again. */
export function watch(): void {
  if (watching) return
  watching = true
  for (const step of [readSales, readNodes, readMetrics, readOrders, readJournal]) void every(step)
}

async function every(step: () => Promise<void>): Promise<void> {
  for (;;) {
    if (token.value) await step()
    await pause(EVERY_MS)
  }
}

let live: { saleId: string; feed: Live } | undefined

async function readSales(): Promise<void> {
  const { body } = await ask<{ sales: Sale[] }>("/api/v1/sales")
  room.reachable.value = body !== undefined
  if (!body) return
  room.sales.value = body.sales
  for (const sale of body.sales) hearClock(sale.now)
  if (!room.saleId.value) {
    const first = foremost(body.sales)
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
  const { body } = await admin<NodeList>("/api/v1/admin/nodes")
  if (!body) return
  for (const node of body.nodes)
    tellOfNode(
      room.nodes.value.find(one => one.id === node.id),
      node,
    )
  room.nodes.value = body.nodes
}

function tellOfNode(before: Node | undefined, now: Node): void {
  if (!before) return
  const say = words.value
  const fell = now.restarts > before.restarts || (now.state === "down" && before.state !== "down")
  if (fell && before.state !== "down") room.log(say.nodeDown(now.id, now.lastExit ?? ""), "bad")
  const rose = now.state === "ready" && (before.state !== "ready" || now.restarts > before.restarts)
  if (rose) room.log(say.nodeBack(now.id, now.restarts), "good")
}

let lastScrape: Scrape | undefined

async function readMetrics(): Promise<void> {
  const { body } = await admin<string>("/metrics")
  if (typeof body !== "string") return
  const scrape = { at: serverTime() / 1000, samples: parseMetrics(body, "flash_sale_") }
  if (lastScrape) room.addMoment(between(lastScrape, scrape))
  lastScrape = scrape
  const gate = gauge(scrape.samples, "flash_sale_gate_open")
  room.gateOpen.value = gate === undefined ? undefined : gate > 0
  room.violations.value = gauge(scrape.samples, "flash_sale_conservation_violations_total") ?? 0
}

let ordersSeen = ""

async function readOrders(): Promise<void> {
  const sale = room.sale.value
  if (!sale || ordersSeen === `${sale.id} ${sale.seq}`) return
  const { body } = await admin<OrderPage>(ofSale(sale.id, `orders?after=${Math.max(0, sale.seq - FACTS_BACK)}`))
  if (!body || room.saleId.value !== sale.id) return
  ordersSeen = `${sale.id} ${sale.seq}`
  room.orders.value = body.orders.toReversed()
}

let told = { saleId: "", seq: 0 }

async function readJournal(): Promise<void> {
  const sale = room.sale.value
  if (!sale) return
  // A rush writes more than anybody reads: a room that fell behind goes on near the end.
  const start = Math.max(0, sale.seq - FACTS_BACK)
  if (told.saleId !== sale.id || sale.seq - told.seq > FACTS_PAGE) told = { saleId: sale.id, seq: start }
  if (sale.seq <= told.seq) return
  const { body } = await admin<FactPage>(ofSale(sale.id, `facts?after=${told.seq}&limit=${FACTS_PAGE}`))
  const last = body?.facts.at(-1)
  if (!body || !last || told.saleId !== sale.id) return
  told = { saleId: sale.id, seq: last.seq }
  tell(body.facts, sale)
}
