import type { ContenderName } from "../contender.ts"
import { type LatencyRun, SHARES } from "../latency/figures.ts"
import { type Curve, drawCurves } from "./curves.ts"
import { table } from "./markdown.ts"
import { median, three, whole } from "./numbers.ts"

/** Latency when buyers arrive at a constant rate, as a share of the contender's own capacity. */
export function latencyTable(runs: readonly LatencyRun[]): string {
  const rows = contendersOf(runs).flatMap(contender =>
    SHARES.map(share => {
      const middle = (value: (run: LatencyRun) => number) => median(at(runs, contender, share).map(value))
      const times = timesFloor(runs, contender, share)
      return [
        contender,
        `${share * 100} % of ${whole(middle(run => run.capacity))}`,
        whole(middle(run => run.answers / run.seconds)),
        three(middle(run => run.latencyMs.p50)),
        three(middle(run => run.latencyMs.p99)),
        three(middle(run => run.latencyMs.p999)),
        contender === "floor" || times === undefined ? "-" : `${three(times)} x`,
        three(middle(run => run.lateMs.p99)),
        whole(middle(run => run.above399 + run.unanswered)),
      ]
    }),
  )
  const heads = ["arrivals", "of capacity", "per second", "p50 ms", "p99 ms", "p99.9 ms", "p99 vs the floor's"]
  return table([...heads, "p99 of the load's own delay, ms", "not accepted"], rows)
}

/** A contender's p99 as a multiple of the floor's, both at this share of their own capacity: the median over the rounds. */
export function timesFloor(runs: readonly LatencyRun[], contender: ContenderName, share: number): number | undefined {
  const ratios = at(runs, contender, share).flatMap(({ round, latencyMs }) => {
    const floor = at(runs, "floor", share).find(run => run.round === round)
    return floor ? [latencyMs.p99 / floor.latencyMs.p99] : []
  })
  return ratios.length > 0 ? median(ratios) : undefined
}

export function drawLatency(runs: readonly LatencyRun[]): string {
  const curves = (value: (run: LatencyRun) => number): Curve[] =>
    contendersOf(runs).map(name => ({
      name,
      points: SHARES.map(share => [share * 100, median(at(runs, name, share).map(value))]),
    }))
  const x = { name: "arrivals a second, % of the system's own capacity" }
  return drawCurves("Latency of accepted purchases that arrive at a constant rate", [
    { title: "p50, ms", x, curves: curves(run => run.latencyMs.p50) },
    { title: "p99, ms", x, curves: curves(run => run.latencyMs.p99) },
  ])
}

function contendersOf(runs: readonly LatencyRun[]): ContenderName[] {
  return [...new Set(runs.map(run => run.contender))]
}

function at(runs: readonly LatencyRun[], contender: ContenderName, share: number): LatencyRun[] {
  return runs.filter(run => run.contender === contender && run.share === share)
}
