import { serverTime } from "../../common/time.ts"
import { adminRequest } from "./admin-request.ts"
import { gaugeOf, highestOf, p99ByNode, parseMetrics, ratesBetween, type Scrape } from "./rates.ts"
import * as state from "./state.ts"

/** Scrapes that a node's p99 spans. One second has too few purchases of one node for a 99th percentile. */
const NODE_WINDOW = 15

const scrapes: Scrape[] = []

export async function readMetrics(): Promise<void> {
  const { body } = await adminRequest<string>("/metrics")
  if (typeof body !== "string") return
  const scrape = { at: serverTime() / 1000, samples: parseMetrics(body, "flash_sale_") }
  const before = scrapes.at(-1)
  if (before) state.addPoint(ratesBetween(before, scrape))
  scrapes.push(scrape)
  if (scrapes.length > NODE_WINDOW) scrapes.shift()
  state.nodeP99.value = p99ByNode(scrapes[0] ?? scrape, scrape)

  const { samples } = scrape
  const gate = gaugeOf(samples, "flash_sale_gate_open")
  state.gateOpen.value = gate === undefined ? undefined : gate > 0
  state.clockJump.value = {
    seconds: gaugeOf(samples, "flash_sale_clock_jump_seconds") ?? 0,
    isInDoubt: gaugeOf(samples, "flash_sale_clock_in_doubt") === 1,
  }
  state.violations.value = gaugeOf(samples, "flash_sale_conservation_violations_total")
  const facts = highestOf(samples, "flash_sale_ledger_lag_facts")
  const seconds = highestOf(samples, "flash_sale_ledger_lag_seconds") ?? 0
  state.lag.value = facts === undefined ? undefined : { facts, seconds }
}
