import { Html, html } from "./html.ts"

const WIDTH = 960
const HEIGHT = 260
const LEFT = 64
const BOTTOM = 28
const TOP = 10
/** Lines across, at round values. */
const STEPS = 3

/** A word of the style sheet: it gives the colour. */
export type Tint = "sold" | "held" | "refused" | "unknown" | "p50" | "p99"

export interface PlotSeries {
  name: string
  tint: Tint
  /** One value per point of `at`; null where there is none. */
  values: readonly (number | null)[]
  /** Its sum or its last value, for the legend. */
  told: string
}

export interface Plot {
  /** What it shows, for those who cannot see it. */
  label: string
  /** Seconds. */
  at: readonly number[]
  series: readonly PlotSeries[]
  /** A value on the axis. */
  unit: (value: number) => string
  /** Moments worth a line: what happened then. */
  marks?: readonly { at: number; name: string }[]
}

/** Values on top of one another, the first at the bottom. */
export function stackedPlot(given: Plot): Html {
  const plot = widened(given)
  const sums = plot.at.map(() => 0)
  const lines = plot.series.map(({ tint, values }) => {
    const lower = [...sums]
    for (const [point, value] of values.entries()) sums[point]! += value ?? 0
    return { tint, lower, upper: [...sums] }
  })
  return framed(plot, Math.max(1, ...sums), (x, y) =>
    lines.map(({ tint, lower, upper }) => {
      const there = upper.map((value, point) => `${x(plot.at[point]!)},${y(value)}`)
      const back = lower.map((value, point) => `${x(plot.at[point]!)},${y(value)}`).toReversed()
      return html`<polygon class="fill-${tint}" points="${[...there, ...back].join(" ")}"/>`
    }),
  )
}

export function linePlot(given: Plot): Html {
  const plot = widened(given)
  const most = Math.max(1e-3, ...plot.series.flatMap(({ values }) => values.map(value => value ?? 0)))
  return framed(plot, most, (x, y) =>
    plot.series.flatMap(({ tint, values }) =>
      stretches(values).map(points => {
        const path = points.map(point => `${x(plot.at[point]!)},${y(values[point]!)}`)
        // A point on its own is a dot: a line to itself, with round ends.
        return html`<polyline class="line line-${tint}" points="${[...path, path.at(-1)!].join(" ")}"/>`
      }),
    ),
  )
}

/** One moment has no width: it is drawn as if it had lasted. */
function widened(plot: Plot): Plot {
  if (plot.at.length !== 1) return plot
  const series = plot.series.map(one => ({ ...one, values: [...one.values, ...one.values] }))
  return { ...plot, at: [0, 2 * plot.at[0]!], series }
}

type Scale = (value: number) => string

function framed(plot: Plot, most: number, draw: (x: Scale, y: Scale) => Html[]): Html {
  const { label, at, series, unit, marks = [] } = plot
  const [first, last] = [at[0] ?? 0, Math.max(at.at(-1) ?? 1, (at[0] ?? 0) + 1e-3)]
  const x: Scale = value => (LEFT + ((value - first) / (last - first)) * (WIDTH - LEFT - 8)).toFixed(1)
  const step = roundStep(most / STEPS)
  const ticks = Array.from({ length: Math.ceil(most / step) + 1 }, (_, tick) => tick * step)
  const y: Scale = value => (TOP + (1 - value / ticks.at(-1)!) * (HEIGHT - TOP - BOTTOM)).toFixed(1)
  const times = Array.from({ length: 6 }, (_, tick) => first + ((last - first) * tick) / 5)
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${ticks.map(
  value => html`<line class="axis" x1="${LEFT}" x2="${WIDTH - 8}" y1="${y(value)}" y2="${y(value)}"/>
<text x="${LEFT - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${unit(value)}</text>`,
)}
${draw(x, y)}
${marks.filter(mark => mark.at <= last).map(mark => html`<line class="mark" x1="${x(mark.at)}" x2="${x(mark.at)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"><title>${mark.name}</title></line>`)}
${times.map((value, tick) => html`<text x="${x(value)}" y="${HEIGHT - 8}" text-anchor="${tick === 0 ? "start" : tick === 5 ? "end" : "middle"}">${seconds(value, last)}</text>`)}
</svg>
<ul class="legend">${series.map(({ name, tint, told }) => html`<li>${swatch(tint)}${name} <b>${told}</b></li>`)}</ul>`
}

/** The next of 1, 2, 5, 10, 20, 50 …: what people like to count in. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find(times => times * power >= least) ?? 10)
}

/** Runs of points that have a value: a line does not cross a gap. */
function stretches(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = []
  for (const [point, value] of values.entries()) {
    if (value === null) continue
    if (point > 0 && values[point - 1] !== null && runs.length > 0) runs.at(-1)!.push(point)
    else runs.push([point])
  }
  return runs
}

function seconds(value: number, last: number): string {
  return `${value.toFixed(last < 1 ? 2 : last < 10 ? 1 : 0)} s`
}

function swatch(tint: Tint): Html {
  return new Html(
    `<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="fill-${tint}" width="12" height="12" rx="4"/></svg>`,
  )
}
