import type { Case, ContenderName } from "../contender.ts"
import { REPLICAS } from "../embedded/start.ts"
import type { Results } from "../results.ts"
import type { Cost, Costs, ScaleFigures } from "../scale/figures.ts"
import { median, three, whole } from "./numbers.ts"
import { find, type Line, role, summarise } from "./summary.ts"

export interface Target {
  what: string
  wanted: string
  found: string
  ok: boolean
}

interface Ratio {
  what: string
  ours: ContenderName
  kind: Case
  against: ContenderName
  of: (line: Line) => number
  limit: { atLeast: number } | { atMost: number }
}

const perSecond = (line: Line) => line.perSecond
const p99Ms = (line: Line) => line.p99Ms
const cpu = (line: Line) => line.cpuMicrosecondsEach

const RATIOS: Ratio[] = [
  ...fasterThanBaseline("embedded", { accepted: 12, refused: 15 }),
  cheaperThan("embedded", "accepted", 3),
  cheaperThan("embedded", "refused", 1.5),
  ...fasterThanBaseline("stack", { accepted: 6, refused: 8 }),
]

function fasterThanBaseline(ours: ContenderName, least: Record<Case, number>): Ratio[] {
  const against = "baseline"
  const { accepted, refused } = least
  return [
    { what: "accepted/s", ours, kind: "accepted", against, of: perSecond, limit: { atLeast: accepted } },
    { what: "p99 of accepted", ours, kind: "accepted", against, of: p99Ms, limit: { atMost: 0.5 } },
    { what: "refused/s", ours, kind: "refused", against, of: perSecond, limit: { atLeast: refused } },
  ]
}

function cheaperThan(ours: ContenderName, kind: Case, most: number): Ratio {
  return { what: `CPU per ${kind}`, ours, kind, against: "floor", of: cpu, limit: { atMost: most } }
}

/** The target of each figure, and whether this run met it. */
export function compare(results: Results): Target[] {
  const lines = summarise(results.runs)
  const ratios = results.options.connections.flatMap(connections =>
    RATIOS.flatMap(ratio => compareRatio(lines, ratio, connections)),
  )
  return [
    ...ratios,
    ...lagTarget(results),
    ...drillTarget(results),
    ...startTarget(results),
    ...(results.scale ? scaleTargets(results.scale) : []),
  ]
}

function compareRatio(lines: Line[], ratio: Ratio, connections: number): Target[] {
  const { kind, against, of, limit } = ratio
  const ours = find(lines, ratio.ours, kind, connections)
  const theirs = find(lines, against, kind, connections)
  if (!ours || !theirs) return []
  const what = `${ratio.ours}: ${ratio.what} vs the ${against}, ${connections} connections`
  const value = of(ours) / of(theirs)
  const bound = "atLeast" in limit ? `≥ ${limit.atLeast} x` : `≤ ${limit.atMost} x`
  const ok = "atLeast" in limit ? value >= limit.atLeast : value <= limit.atMost
  return [{ what, wanted: bound, found: `${three(value)} x`, ok }]
}

function lagTarget({ runs }: Results): Target[] {
  const lags = runs.flatMap(({ lagSeconds }) => lagSeconds ?? [])
  return lags.length > 0
    ? [atMost("stack: the ledger behind at the end of a run, at most", Math.max(...lags), 2, "s")]
    : []
}

function drillTarget({ drill }: Results): Target[] {
  if (!drill) return []
  const { seconds, kills, answered, failed } = drill
  const what = `stack: purchases that failed while ${kills} replicas were killed in ${seconds} s (${whole(answered)} answered)`
  return [atMost(what, failed, 0, "")]
}

function startTarget({ start }: Results): Target[] {
  return start ? [atMost(`\`${start.command}\` to the first purchase`, median(start.seconds), 3, "s")] : []
}

function scaleTargets({ residentMb, attempts, orders, small, large }: ScaleFigures): Target[] {
  const most = (name: string) =>
    Math.max(...Object.entries(residentMb).flatMap(([process, mb]) => (role(process) === name ? [mb] : [])))
  const ratio = (of: (costs: Costs) => Cost[], value: (cost: Cost) => number) =>
    median(of(large).map(value)) / median(of(small).map(value))
  const cpu = (cost: Cost) => cost.cpuMicrosecondsEach
  const seconds = (cost: Cost) => 1 / cost.perSecond
  const fresh = `${whole(orders)} orders in the file vs ${whole(median(small.fresh.map(cost => cost.orders)))}`
  const warm = `${whole(orders)} or more vs ${whole(median(small.warm.map(cost => cost.orders)))}, warm`
  return [
    atMost(
      `resident memory of a replica after ${whole(attempts / REPLICAS)} attempts each`,
      most("replica"),
      150,
      "MB",
    ),
    atMost(`resident memory of the supervisor, ${whole(orders)} orders in the file`, most("supervisor"), 200, "MB"),
    atMost(
      `CPU per accepted, ${fresh}`,
      ratio(costs => costs.fresh, cpu),
      1.2,
      "x",
    ),
    atMost(
      `time per accepted, ${fresh}`,
      ratio(costs => costs.fresh, seconds),
      1.2,
      "x",
    ),
    atMost(
      `CPU per accepted, ${warm}`,
      ratio(costs => costs.warm, cpu),
      1.2,
      "x",
    ),
    atMost(
      `time per accepted, ${warm}`,
      ratio(costs => costs.warm, seconds),
      1.2,
      "x",
    ),
  ]
}

function atMost(what: string, value: number, limit: number, unit: string): Target {
  return { what, wanted: `≤ ${limit} ${unit}`, found: `${three(value)} ${unit}`, ok: value <= limit }
}
