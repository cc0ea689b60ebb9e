import { CASES, CONTENDERS, type ContenderName } from "../contender.ts"
import { three, whole } from "./numbers.ts"
import { find, type Line } from "./summary.ts"

const WIDTH = 760
const LEFT = 110
const RIGHT = 130
const BAR = 18
const GAP = 6
const PANEL_HEAD = 44
const TOP = 52

const NAMES: Record<ContenderName, string> = {
  baseline: "baseline",
  embedded: "embedded",
  stack: "full stack",
  floor: "bare HTTP",
}

/**
 * The plot has its own background, so that it is readable on any page. Colours follow the reader's light or dark theme.
 */
const STYLE = `
  text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 } .small, .value { font-size: 11px } .small { fill: #59636e }
  .ground { fill: #ffffff; stroke: #d1d9e0 } .baseline { fill: #9a6700 } .embedded { fill: #0969da } .stack { fill: #1a7f37 }
  .floor { fill: #818b98 }
  .dot { fill: #ffffff; stroke: #1f2328; stroke-width: 1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .ground { fill: #0d1117; stroke: #3d444d }
    .baseline { fill: #d29922 } .embedded { fill: #4493f8 } .stack { fill: #3fb950 } .floor { fill: #656c76 } .dot { fill: #0d1117; stroke: #f0f6fc }
  }`

/** Answers per second as bars, the rounds as dots on them, one panel per case and number of connections. */
export function drawPlot(lines: Line[], connections: number[]): string {
  const most = Math.max(...lines.flatMap(line => line.rates))
  const scale = (value: number) => (value / most) * (WIDTH - LEFT - RIGHT)
  const parts: string[] = []
  let y = TOP
  for (const kind of CASES) {
    for (const count of connections) {
      const shown = CONTENDERS.flatMap(contender => find(lines, contender, kind, count) ?? [])
      if (shown.length === 0) continue
      parts.push(text(16, y + 20, `${kind} purchases, ${count} connections`))
      shown.forEach((line, i) => {
        parts.push(drawBar(line, y + PANEL_HEAD - 12 + i * (BAR + GAP), scale))
      })
      y += PANEL_HEAD + shown.length * (BAR + GAP)
    }
  }
  const height = y + 12
  const label = "Purchases answered per second by the baseline, by Doorbuster in both shapes and by bare HTTP"
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${label}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(16, 28, "Purchases answered per second", "title"),
    text(16, 44, "bar: median; dots: each round; right: p99", "small"),
    ...parts,
    "</svg>\n",
  ].join("\n")
}

function drawBar(line: Line, y: number, scale: (value: number) => number): string {
  const middle = y + BAR / 2
  const end = LEFT + Math.max(...line.rates.map(scale)) + 10
  const dots = line.rates.map(
    rate => `<circle class="dot" cx="${(LEFT + scale(rate)).toFixed(1)}" cy="${middle}" r="2.5"/>`,
  )
  return [
    text(LEFT - 8, middle + 4, NAMES[line.contender], "", "end"),
    `<rect class="${line.contender}" x="${LEFT}" y="${y}" width="${scale(line.perSecond).toFixed(1)}" height="${BAR}" rx="3"/>`,
    ...dots,
    text(end, middle + 4, `${whole(line.perSecond)}  ·  ${three(line.p99Ms)} ms`, "value"),
  ].join("\n")
}

function text(x: number, y: number, content: string, style = "", anchor = "start"): string {
  return `<text x="${x.toFixed(1)}" y="${y}" class="${style}" text-anchor="${anchor}">${content}</text>`
}
