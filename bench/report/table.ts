import type { ContenderName } from "../contender.ts"
import type { Cost, GrowthFigures } from "../growth/figures.ts"
import type { Results } from "../results.ts"
import { growthTable } from "./growth.ts"
import { latencyTable } from "./latency.ts"
import { table } from "./markdown.ts"
import { median, three, whole } from "./numbers.ts"
import { soakTable } from "./soak.ts"
import { storeTable } from "./store.ts"
import { find, type Line, peakByRole, summarise } from "./summary.ts"
import { compare } from "./targets.ts"

/** The figures as a page of Markdown. */
export function writeTables(results: Results): string {
  const { machine, options, startedAt } = results
  const lines = summarise(results.runs)
  const parts = [
    `Measured ${startedAt.slice(0, 10)} on ${machine.cores} cores (${machine.cpu}, ${machine.memoryGb} GB), shared with the load; ` +
      `commit ${machine.commit}, Bun ${machine.versions.bun}, Node ${machine.versions.node}, ` +
      `nginx ${machine.versions.nginx}, Redis ${machine.versions.redis}, Flask ${machine.versions.flask}, wrk ${machine.versions.wrk}. ` +
      `Data on ${machine.disk.fileSystem}, ${machine.disk.fsyncMs} ms per fsync.`,
  ]
  if (lines.length > 0) {
    parts[0] += ` Medians of ${options.rounds} alternating rounds of ${options.seconds} s.`
    parts.push(ratesTable(lines), processTable(results, lines))
  }
  if (results.latency) parts.push(latencyTable(results.latency))
  if (results.store) parts.push(storeTable(results.store))
  if (results.scale) parts.push(ordersTable(results.scale))
  if (results.scale?.growth) parts.push(growthTable(results.scale))
  if (results.soak) parts.push(soakTable(results.soak))
  const targets = compare(results).map(({ what, wanted, found, ok }) => [what, wanted, found, ok ? "yes" : "**no**"])
  if (targets.length > 0) parts.push(table(["promise", "wanted", "found", "kept"], targets))
  return `${parts.join("\n\n")}\n`
}

function ratesTable(lines: Line[]): string {
  const rows = lines
    .toSorted((a, b) => a.kind.localeCompare(b.kind) || a.connections - b.connections)
    .map(line => [
      `${line.kind}, ${line.connections} connections`,
      line.contender,
      whole(line.perSecond),
      times(line, find(lines, "baseline", line.kind, line.connections)),
      three(line.p50Ms),
      three(line.p99Ms),
      three(line.cpuMicrosecondsEach),
    ])
  return table(["purchases", "system", "per second", "vs baseline", "p50 ms", "p99 ms", "CPU µs each"], rows)
}

function times(line: Line, baseline: Line | undefined): string {
  return baseline ? `${three(line.perSecond / baseline.perSecond)} x` : "-"
}

function processTable(results: Results, lines: Line[]): string {
  const connections = Math.min(...results.options.connections)
  const contenders = [...new Set(lines.map(line => line.contender))]
  const rows = contenders.flatMap(contender => rolesOf(results, lines, contender, connections))
  const heads = ["system", "process", "CPU µs per accepted", "CPU µs per refused", "peak MB, the largest"]
  return table(heads, rows)
}

function rolesOf(results: Results, lines: Line[], contender: ContenderName, connections: number): string[][] {
  const accepted = find(lines, contender, "accepted", connections)
  const refused = find(lines, contender, "refused", connections)
  const cpu = (line: Line | undefined, role: string) => three(line?.cpuByRole[role] ?? Number.NaN)
  return Object.entries(peakByRole(results, contender)).map(([role, mb]) => [
    contender,
    role,
    cpu(accepted, role),
    cpu(refused, role),
    whole(mb),
  ])
}

function ordersTable({ small, large }: GrowthFigures): string {
  const rows = [small.fresh, large.fresh, small.warm, large.warm].map((costs, i) => {
    const middle = (value: (cost: Cost) => number) => median(costs.map(value))
    return [
      i < 2 ? "right after the start" : "warm",
      whole(middle(cost => cost.orders)),
      whole(middle(cost => cost.perSecond)),
      three(middle(cost => cost.p99Ms)),
      three(middle(cost => cost.cpuMicrosecondsEach)),
    ]
  })
  return table(["accepted, 64 connections", "orders in the file", "per second", "p99 ms", "CPU µs each"], rows)
}
