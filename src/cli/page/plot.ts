import { html } from "hono/html"
import type { Markup } from "./report-page.ts"

const WIDTH = 960
const HEIGHT = 260
const LEFT = 64
const BOTTOM = 28
const TOP = 10
/** How many horizontal lines there are, roughly. They are at round values. */
const STEPS = 3
const TIME_LABELS = 6

/** Names a colour of the style sheet. */
export type Tint = "sold" | "held" | "refused" | "unknown" | "p50" | "p99"

export interface PlotSeries {
  name: string
  tint: Tint
  /** One value per point of `at`; null where there is none. */
  values: readonly (number | null)[]
  /** The figure that the legend shows: the sum or the value of the whole. */
  told: string
}

export interface Plot {
  /** What the plot shows, for readers who cannot see it. */
  label: string
  /** Seconds. */
  at: readonly number[]
  series: readonly PlotSeries[]
  /** Formats a value of the vertical axis. */
  unit: (value: number) => string
  /** Events, drawn as vertical lines; `at` in seconds. */
  marks?: readonly { at: number; name: string }[] | undefined
}

interface Point {
  at: number
  value: number
}

/** Draws the values on top of one another, the first series at the bottom. */
export function stackedPlot(given: Plot): Markup {
  const plot = widened(given)
  let sums = plot.at.map(() => 0)
  const bands = plot.series.map(({ tint, values }) => {
    const lower = sums
    sums = lower.map((sum, index) => sum + (values[index] ?? 0))
    return { tint, lower, upper: sums }
  })
  return framed(plot, Math.max(1, ...sums), (x, y) =>
    bands.map(({ tint, lower, upper }) => {
      const edge = (values: readonly number[]) => plot.at.map((at, index) => `${x(at)},${y(values[index] ?? 0)}`)
      return html`<polygon class="fill-${tint}" points="${[...edge(upper), ...edge(lower).toReversed()].join(" ")}"/>`
    }),
  )
}

/** Draws each series as a line with gaps where it has no value. */
export function linePlot(given: Plot): Markup {
  const plot = widened(given)
  const greatest = Math.max(1e-3, ...plot.series.flatMap(({ values }) => values.map(value => value ?? 0)))
  return framed(plot, greatest, (x, y) =>
    plot.series.flatMap(({ tint, values }) =>
      runsOf(plot.at, values).map(points => {
        const path = points.map(({ at, value }) => `${x(at)},${y(value)}`)
        // A point without neighbours is drawn as a dot: a line from it to itself, with round ends.
        return html`<polyline class="line line-${tint}" points="${[...path, ...path.slice(-1)].join(" ")}"/>`
      }),
    ),
  )
}

/** A single moment has no width, so it is drawn as a short period with a constant value. */
function widened(plot: Plot): Plot {
  const [only] = plot.at
  if (only === undefined || plot.at.length > 1) return plot
  const series = plot.series.map(one => ({ ...one, values: [...one.values, ...one.values] }))
  return { ...plot, at: [0, 2 * only], series }
}

type Scale = (value: number) => string

function framed(plot: Plot, greatest: number, draw: (x: Scale, y: Scale) => Markup[]): Markup {
  const { label, at, series, unit, marks = [] } = plot
  const first = at[0] ?? 0
  const last = Math.max(at.at(-1) ?? 1, first + 1e-3)
  const x: Scale = value => (LEFT + ((value - first) / (last - first)) * (WIDTH - LEFT - 8)).toFixed(1)
  const step = roundStep(greatest / STEPS)
  const steps = Math.ceil(greatest / step)
  const ticks = Array.from({ length: steps + 1 }, (_, tick) => tick * step)
  const y: Scale = value => (TOP + (1 - value / (steps * step)) * (HEIGHT - TOP - BOTTOM)).toFixed(1)
  const times = Array.from({ length: TIME_LABELS }, (_, index) => {
    const value = first + ((last - first) * index) / (TIME_LABELS - 1)
    return { value, anchor: index === 0 ? "start" : index === TIME_LABELS - 1 ? "end" : "middle" }
  })
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${ticks.map(
  value => html`<line class="axis" x1="${LEFT}" x2="${WIDTH - 8}" y1="${y(value)}" y2="${y(value)}"/>
<text x="${LEFT - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${unit(value)}</text>
`,
)}
${draw(x, y)}
${marks.filter(mark => mark.at <= last).map(mark => html`<line class="mark" x1="${x(mark.at)}" x2="${x(mark.at)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"><title>${mark.name}</title></line>`)}
${times.map(({ value, anchor }) => html`<text x="${x(value)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${seconds(value, last)}</text>`)}
</svg>
<ul class="legend">${series.map(({ name, tint, told }) => html`<li>${swatch(tint)}${name} <b>${told}</b></li>`)}</ul>`
}

/** The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find(times => times * power >= least) ?? 10)
}

/** Runs of neighbouring points that have a value. A line does not cross a gap. */
function runsOf(at: readonly number[], values: readonly (number | null)[]): Point[][] {
  const runs: Point[][] = []
  let run: Point[] = []
  for (const [index, moment] of at.entries()) {
    const value = values[index] ?? null
    if (value === null) run = []
    else if (run.push({ at: moment, value }) === 1) runs.push(run)
  }
  return runs
}

function seconds(value: number, last: number): string {
  return `${value.toFixed(last < 1 ? 2 : last < 10 ? 1 : 0)} s`
}

function swatch(tint: Tint): Markup {
  return html`<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="fill-${tint}" width="12" height="12" rx="4"/></svg>`
}
