import { counted, integer, milliseconds, seconds } from "../format.ts"
import type { Costs } from "./costs.ts"
import { BUSY, type Busy, type LaunchPlan } from "./plan.ts"

/** The plan in words, one line each. */
export function planSummary(plan: LaunchPlan, costs: Costs): string[] {
  const { launch, orders, stack } = plan
  return [
    `${integer(launch.rate)} attempts a second by ${counted(launch.buyers, "buyer")} for ${counted(launch.stock, "unit")} in ${counted(launch.sales, "sale")}, ${counted(launch.viewers, "viewer")}.`,
    "",
    "The full stack",
    ...rows([
      ["cores", `${integer(stack.cores)}, each planned ${BUSY * 100} % busy: ${busyText(stack.selling)}`],
      ["replicas", `${counted(stack.replicas, "process")}`.replace("processs", "processes")],
      ["shards", `${counted(stack.shards, "shard")}: a sale lives on one`],
      ["memory", `Valkey ${gigabytes(stack.gigabytes.valkey)}, replicas ${gigabytes(stack.gigabytes.replicas)}`],
      [
        "disk",
        `Valkey's file ${gigabytes(stack.gigabytes.appendOnlyFile)}, PostgreSQL ${gigabytes(stack.gigabytes.postgres)}`,
      ],
      ...networkRows(plan),
      ["sold out", `${soldOutText(plan)}`],
      ["latency", `p99 ${milliseconds(costs.p99Ms.stack)} at half of the capacity, as measured`],
    ]),
    "",
    "Ceilings, the lowest first",
    ...stack.ceilings.flatMap(({ name, perSecond, of, isReached, change }) => [
      `  ${isReached ? "reached" : "not yet"}  ${name}: ${integer(perSecond)} ${of} a second`,
      ...(isReached ? [`           change: ${change}`] : []),
    ]),
    "",
    "The embedded system, on one machine",
    ...rows([
      ["accepts", `${integer(plan.embedded.acceptedPerSecond)} a second, which its one writer limits`],
      ["cores", `${integer(plan.embedded.cores)} for ${integer(plan.embedded.replicas)} replicas and the supervisor`],
      ["disk", `SQLite ${gigabytes(plan.embedded.gigabytes.sqlite)} for ${counted(orders, "order")}`],
    ]),
    "",
    "With a queue in front that lets in what the store can accept, and a CDN for page and streams",
    ...rows([
      ["cores", `${integer(plan.queued.cores)} for ${integer(plan.queued.rate)} attempts a second`],
      ["streams", "from the CDN: one public document, the same for everybody, fetched every second or so"],
    ]),
    "",
    `Measured: the costs, ${costs.measured.at.slice(0, 10)} on ${costs.measured.cores} cores (${costs.measured.cpu}), commit ${costs.measured.commit}.`,
    "Extrapolated: everything above, in proportion. Try it with the attack before you rely on it.",
  ]
}

function networkRows({ network }: LaunchPlan): [string, string][] {
  const { inGbits, outGbits, streamsGbits, pagesGigabytes, storeGbits } = network
  return [
    ["network", `${gbit(inGbits)} in, ${gbit(outGbits)} out, ${gbit(storeGbits)} between replicas and Valkey`],
    ["viewers", `${gbit(streamsGbits)} of live streams, ${gigabytes(pagesGigabytes)} of pages in all`],
  ]
}

function soldOutText({ orders, stack, launch }: LaunchPlan): string {
  if (orders === 0) return "from the beginning"
  const all = launch.stock > launch.buyers ? `${counted(orders, "order")}, not all units,` : counted(orders, "order")
  const ledger = stack.ledgerSeconds > 0 ? `, the ledger has them ${seconds(stack.ledgerSeconds * 1000)} later` : ""
  return `${all} after ${seconds(stack.sellingSeconds * 1000)} at ${integer(stack.acceptedPerSecond)} a second${ledger}`
}

function busyText({ nginx, replicas, redis, worker, postgres }: Busy): string {
  const parts = { nginx, replicas, Valkey: redis, worker, PostgreSQL: postgres }
  return `${Object.entries(parts)
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(", ")} busy while it sells`
}

function rows(all: readonly (readonly [string, string])[]): string[] {
  return all.map(([name, text]) => `  ${name.padEnd(10)}${text}`)
}

function gigabytes(value: number): string {
  if (value >= 1) return `${value >= 100 ? integer(value) : value.toPrecision(2)} GB`
  return `${integer(Math.max(1, value * 1000))} MB`
}

function gbit(value: number): string {
  return value >= 1
    ? `${value >= 100 ? integer(value) : value.toPrecision(2)} Gbit/s`
    : `${integer(value * 1000)} Mbit/s`
}
