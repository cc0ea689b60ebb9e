import { median } from "../report/numbers.ts"
import { AXES, type Axis, type GrowthFigures, type GrowthRun, type OrdersPoint } from "./figures.ts"

/** Measurements of short runs differ by less than this. */
const TOLERANCE = 1.25

export interface Series {
  axis: Axis
  figure: "CPU µs per purchase" | "memory, MB" | "start, s"
  /** Along the axis, from the smallest. */
  points: (readonly [at: number, value: number])[]
}

export interface Step extends Pick<Series, "axis" | "figure"> {
  from: number
  to: number
  /** How much the figure grew, and how much it may grow without being superlinear. */
  grew: number
  allowed: number
}

/** Every figure along every axis. */
export function seriesOf({ points = [], growth = [] }: GrowthFigures): Series[] {
  const runs = [...points.map(ofOrders), ...growth]
  return AXES.flatMap(axis => {
    const along = runs.filter(run => run.axis === axis)
    const series = (figure: Series["figure"], value: (run: GrowthRun) => number | undefined): Series => {
      return { axis, figure, points: along.flatMap(run => toPoint(run.at, value(run))) }
    }
    return [
      series("CPU µs per purchase", run => run.cpuMicrosecondsEach),
      series("memory, MB", run => run.residentMb),
      series("start, s", run => run.startSeconds),
    ].filter(({ points }) => points.length > 1)
  })
}

function toPoint(at: number, value: number | undefined): [number, number][] {
  return value === undefined ? [] : [[at, value]]
}

function ofOrders({ orders, warm, startSeconds, residentMb }: OrdersPoint): GrowthRun {
  return {
    axis: "orders",
    at: orders,
    cpuMicrosecondsEach: median(warm.map(cost => cost.cpuMicrosecondsEach)),
    perSecond: median(warm.map(cost => cost.perSecond)),
    residentMb: Object.values(residentMb).reduce((sum, mb) => sum + mb, 0),
    startSeconds: median(startSeconds),
  }
}

/**
 * Where growth is superlinear: the cost of one purchase may not grow along an axis at all, and memory and start may not grow
 * faster than what they are for.
 */
export function superlinearSteps(all: readonly Series[]): Step[] {
  return all.flatMap(({ axis, figure, points }) =>
    points.slice(1).flatMap(([to, value], before) => {
      const [from, earlier] = points[before]!
      const grew = value / earlier
      const allowed = (figure === "CPU µs per purchase" ? 1 : to / from) * TOLERANCE
      return grew > allowed ? [{ axis, figure, from, to, grew, allowed }] : []
    }),
  )
}
