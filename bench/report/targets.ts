import type { Case, ContenderName } from "../contender.ts"
import { REPLICAS } from "../embedded/start.ts"
import type { Cost, Costs, GrowthFigures } from "../growth/figures.ts"
import type { Results } from "../results.ts"
import { timesFloor } from "./latency.ts"
import { median, three, whole } from "./numbers.ts"
import { storeMedians } from "./store.ts"
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
  limit: { atLeast: Limits } | { atMost: Limits }
}

/** With few connections batches are small and each purchase costs more. Infinite: not limited. */
interface Limits {
  few: number
  many: number
}

/** From so many connections on they are many. */
const MANY = 128

const perSecond = (line: Line) => line.perSecond
const p99Ms = (line: Line) => line.p99Ms
const cpu = (line: Line) => line.cpuMicrosecondsEach

const RATIOS: Ratio[] = [
  ...fasterThanBaseline("embedded", { accepted: { few: 16, many: 21 }, refused: { few: 15, many: 15 } }),
  cheaperThan("embedded", "accepted", { few: 2.4, many: 2 }),
  cheaperThan("embedded", "refused", { few: 1.5, many: 1.5 }),
  {
    ...{ what: "refused/s", ours: "embedded", kind: "refused", against: "floor", of: perSecond },
    limit: { atLeast: { few: 0.95, many: 0.95 } },
  },
  ...fasterThanBaseline("stack", { accepted: { few: 8.5, many: 12 }, refused: { few: 20, many: 20 } }),
  cheaperThan("stack", "accepted", { few: Number.POSITIVE_INFINITY, many: 4.2 }),
]

function fasterThanBaseline(ours: ContenderName, least: Record<Case, Limits>): Ratio[] {
  const against = "baseline"
  const { accepted, refused } = least
  return [
    { what: "accepted/s", ours, kind: "accepted", against, of: perSecond, limit: { atLeast: accepted } },
    { what: "p99 of accepted", ours, kind: "accepted", against, of: p99Ms, limit: { atMost: { few: 0.5, many: 0.5 } } },
    { what: "refused/s", ours, kind: "refused", against, of: perSecond, limit: { atLeast: refused } },
  ]
}

function cheaperThan(ours: ContenderName, kind: Case, most: Limits): Ratio {
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
    ...latencyTargets(results),
    ...storeTargets(results),
    ...lagTarget(results),
    ...drillTarget(results),
    ...startTarget(results),
    ...(results.scale ? growthTargets(results.scale) : []),
  ]
}

function compareRatio(lines: Line[], ratio: Ratio, connections: number): Target[] {
  const { kind, against, of, limit } = ratio
  const ours = find(lines, ratio.ours, kind, connections)
  const theirs = find(lines, against, kind, connections)
  if (!ours || !theirs) return []
  const what = `${ratio.ours}: ${ratio.what} vs the ${against}, ${connections} connections`
  const value = of(ours) / of(theirs)
  const size = connections >= MANY ? "many" : "few"
  const isLeast = "atLeast" in limit
  const bound = isLeast ? limit.atLeast[size] : limit.atMost[size]
  if (!Number.isFinite(bound)) return []
  const ok = isLeast ? value >= bound : value <= bound
  return [{ what, wanted: `${isLeast ? "≥" : "≤"} ${bound} x`, found: `${three(value)} x`, ok }]
}

function storeTargets({ store }: Results): Target[] {
  if (!store) return []
  const { accepted, refused, bytesPerOrder } = storeMedians(store)
  const atLeast = (what: string, value: number, limit: number): Target => {
    return { what, wanted: `≥ ${whole(limit)}`, found: whole(value), ok: value >= limit }
  }
  return [
    atLeast("the store alone: accepted per CPU second of Redis, calls of 200", accepted, 250_000),
    atLeast("the store alone: refused per CPU second of Redis, calls of 200", refused, 1_200_000),
    atMost("bytes of Valkey's memory per confirmed order", bytesPerOrder, 200, ""),
  ]
}

/** The promise of calm: at half of its capacity a contender answers nearly as fast as bare HTTP does at half of its own. */
const LATENCY_LIMITS = [
  { contender: "embedded", most: 4 },
  { contender: "stack", most: 8 },
] as const

function latencyTargets({ latency = [] }: Results): Target[] {
  return LATENCY_LIMITS.flatMap(({ contender, most }) => {
    const value = timesFloor(latency, contender, 0.5)
    if (value === undefined) return []
    return [
      atMost(`${contender}: p99 of accepted at 50 % of capacity vs the floor at 50 % of its own`, value, most, "x"),
    ]
  })
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

function growthTargets({ residentMb, attempts, orders, small, large, points = [] }: GrowthFigures): Target[] {
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
    ...points
      .slice(-1)
      .map(point => atMost(`start with ${whole(point.orders)} orders in the file`, median(point.startSeconds), 2, "s")),
  ]
}

function atMost(what: string, value: number, limit: number, unit: string): Target {
  return { what, wanted: `≤ ${limit} ${unit}`, found: `${three(value)} ${unit}`, ok: value <= limit }
}
