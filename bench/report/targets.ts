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
  kind: Case
  against: ContenderName
  of: (line: Line) => number
  limit: { atLeast: number } | { atMost: number }
}

const RATIOS: Ratio[] = [
  {
    what: "accepted/s vs the baseline",
    kind: "accepted",
    against: "baseline",
    of: l => l.perSecond,
    limit: { atLeast: 12 },
  },
  {
    what: "p99 of accepted vs the baseline",
    kind: "accepted",
    against: "baseline",
    of: l => l.p99Ms,
    limit: { atMost: 0.5 },
  },
  {
    what: "refused/s vs the baseline",
    kind: "refused",
    against: "baseline",
    of: l => l.perSecond,
    limit: { atLeast: 15 },
  },
  {
    what: "CPU per accepted vs the floor",
    kind: "accepted",
    against: "floor",
    of: l => l.cpuMicrosecondsEach,
    limit: { atMost: 3 },
  },
  {
    what: "CPU per refused vs the floor",
    kind: "refused",
    against: "floor",
    of: l => l.cpuMicrosecondsEach,
    limit: { atMost: 1.5 },
  },
]

/** What was promised of each figure, and whether this run found it so. */
export function compare(results: Results): Target[] {
  const lines = summarise(results.runs)
  const ratios = results.options.connections.flatMap(connections =>
    RATIOS.flatMap(ratio => compareRatio(lines, ratio, connections)),
  )
  return [...ratios, ...startTarget(results), ...(results.scale ? scaleTargets(results.scale) : [])]
}

function compareRatio(lines: Line[], { what, kind, against, of, limit }: Ratio, connections: number): Target[] {
  const ours = find(lines, "embedded", kind, connections)
  const theirs = find(lines, against, kind, connections)
  if (!ours || !theirs) return []
  const value = of(ours) / of(theirs)
  const bound = "atLeast" in limit ? `≥ ${limit.atLeast} x` : `≤ ${limit.atMost} x`
  const ok = "atLeast" in limit ? value >= limit.atLeast : value <= limit.atMost
  return [{ what: `${what}, ${connections} connections`, wanted: bound, found: `${three(value)} x`, ok }]
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
