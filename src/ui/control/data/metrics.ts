import { serverTime } from "../../common/clock.ts"
import { admin } from "./admin-request.ts"
import { between, p99ByNode, type Scrape } from "./rates.ts"
import { gauge, greatest, parseMetrics } from "./prometheus.ts"
import * as room from "./state.ts"

/** A node answers too few purchases in a second to speak of their slowest hundredth. */
const NODE_WINDOW = 15

const scrapes: Scrape[] = []

export async function readMetrics(): Promise<void> {
  const { body } = await admin<string>("/metrics")
  if (typeof body !== "string") return
  const scrape = { at: serverTime() / 1000, samples: parseMetrics(body, "flash_sale_") }
  const before = scrapes.at(-1)
  if (before) room.addMoment(between(before, scrape))
  scrapes.push(scrape)
  if (scrapes.length > NODE_WINDOW) scrapes.shift()
  room.nodeP99.value = p99ByNode(scrapes[0]!, scrape)

  const { samples } = scrape
  const gate = gauge(samples, "flash_sale_gate_open")
  room.gateOpen.value = gate === undefined ? undefined : gate > 0
  room.violations.value = gauge(samples, "flash_sale_conservation_violations_total")
  const facts = greatest(samples, "flash_sale_ledger_lag_facts")
  const seconds = greatest(samples, "flash_sale_ledger_lag_seconds") ?? 0
  room.lag.value = facts === undefined ? undefined : { facts, seconds }
}
