import type { Axis, GrowthFigures } from "../growth/figures.ts"
import { type Series, seriesOf, superlinearSteps } from "../growth/steps.ts"
import { drawCurves } from "./curves.ts"
import { table } from "./markdown.ts"
import { three, whole } from "./numbers.ts"

const NAMES: Record<Axis, string> = {
  orders: "orders in the file, embedded",
  sales: "sales, embedded, with purchases in all of them",
  replicas: "replicas, embedded",
  batch: "attempts in a call, the store alone",
  shards: "shards of a Redis Cluster, full stack, 12 sales",
}

/** Every figure along its axis, and the steps where it grows faster than it may. */
export function growthTable(figures: GrowthFigures): string {
  const all = seriesOf(figures)
  const rows = all.map(({ axis, figure, points }) => [
    NAMES[axis],
    figure,
    points.map(([at, value]) => `${whole(at)}: ${three(value)}`).join(" · "),
    stepsIn(all, axis, figure),
  ])
  return table(["along", "figure", "found", "superlinear steps"], rows)
}

function stepsIn(all: readonly Series[], axis: Axis, figure: Series["figure"]): string {
  const steps = superlinearSteps(all.filter(series => series.axis === axis && series.figure === figure))
  if (steps.length === 0) return "none"
  return steps.map(({ from, to, grew }) => `**${whole(from)} to ${whole(to)}: ${three(grew)} x**`).join(", ")
}

export function drawGrowth(figures: GrowthFigures): string {
  const panels = seriesOf(figures).map(({ axis, figure, points }) => {
    const name = axis === "batch" ? "attempts in a call" : axis
    return { title: `${figure}, by ${name}`, x: { name, isLog: true }, curves: [{ name: "", points }] }
  })
  return drawCurves("How costs grow", panels)
}
