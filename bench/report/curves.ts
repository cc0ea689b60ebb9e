import { three, whole } from "./numbers.ts"

export interface Curve {
  name: string
  points: readonly (readonly [x: number, y: number])[]
}

/** One small chart. */
export interface Panel {
  title: string
  /** What lies along the bottom, and whether each mark is a multiple of the one before. */
  x: { name: string; isLog?: boolean }
  curves: readonly Curve[]
}

const WIDTH = 380
const HEIGHT = 210
const LEFT = 52
const RIGHT = 24
const TOP = 48
const BOTTOM = 38
const HEAD = 40
const COLUMNS = 2
const COLOURS = ["a", "b", "c", "d"]
const ROWS_OF_MARKS = 3

/** It has its own background, so that it is readable on any page, and follows the reader's light or dark theme. */
const STYLE = `
  text { font: 11px ui-sans-serif, system-ui, sans-serif; fill: #59636e }
  .title { font-size: 15px; font-weight: 600; fill: #1f2328 } .name { font-size: 12px; font-weight: 600; fill: #1f2328 }
  .ground { fill: #ffffff; stroke: #d1d9e0 } .rule { stroke: #d1d9e0; stroke-width: 1 }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round }
  .a { stroke: #0969da } .b { stroke: #1a7f37 } .c { stroke: #9a6700 } .d { stroke: #818b98 }
  .dot-a { fill: #0969da } .dot-b { fill: #1a7f37 } .dot-c { fill: #9a6700 } .dot-d { fill: #818b98 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .title, .name { fill: #f0f6fc } .ground { fill: #0d1117; stroke: #3d444d } .rule { stroke: #3d444d }
    .a { stroke: #4493f8 } .b { stroke: #3fb950 } .c { stroke: #d29922 } .d { stroke: #656c76 }
    .dot-a { fill: #4493f8 } .dot-b { fill: #3fb950 } .dot-c { fill: #d29922 } .dot-d { fill: #656c76 }
  }`

/** Charts side by side in one picture. Every vertical axis begins at 0, so that growth looks as large as it is. */
export function drawCurves(title: string, panels: readonly Panel[]): string {
  const shown = panels.filter(({ curves }) => curves.some(({ points }) => points.length > 0))
  const width = WIDTH * Math.min(COLUMNS, Math.max(1, shown.length))
  const height = HEAD + HEIGHT * Math.ceil(shown.length / COLUMNS)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    text(16, 26, title, "title"),
    ...shown.map((panel, at) => drawPanel(panel, (at % COLUMNS) * WIDTH, HEAD + Math.floor(at / COLUMNS) * HEIGHT)),
    "</svg>\n",
  ].join("\n")
}

function drawPanel({ title, x, curves }: Panel, left: number, top: number): string {
  const points = curves.flatMap(curve => curve.points)
  const place = (value: number) => (x.isLog ? Math.log10(Math.max(value, 1)) : value)
  const places = points.map(([at]) => place(at))
  const [from, upto] = [Math.min(...places), Math.max(...places)]
  const most = Math.max(...points.map(([, value]) => value)) || 1
  const across = (value: number) => left + LEFT + ((place(value) - from) / (upto - from || 1)) * (WIDTH - LEFT - RIGHT)
  const up = (value: number) => top + HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM)
  const marks = Array.from({ length: ROWS_OF_MARKS + 1 }, (_, at) => (most * at) / ROWS_OF_MARKS)
  const xs = [...new Set(points.map(([at]) => at))].sort((one, other) => one - other)
  const every = Math.ceil(xs.length / 7)
  return [
    text(left + 16, top + 16, title, "name"),
    ...marks.map(value => rule(left + LEFT, left + WIDTH - RIGHT, up(value))),
    ...marks.map(value => text(left + LEFT - 6, up(value) + 4, short(value), "", "end")),
    ...xs.filter((_, at) => at % every === 0).map(at => text(across(at), top + HEIGHT - 22, short(at), "", "middle")),
    text(left + (WIDTH + LEFT) / 2, top + HEIGHT - 7, x.name, "", "middle"),
    ...curves.map((curve, at) => drawCurve(curve, COLOURS[at % COLOURS.length]!, across, up)),
    ...curves.map(({ name }, at) => legend(left + LEFT + at * 85, top + 32, name, COLOURS[at % COLOURS.length]!)),
  ].join("\n")
}

function drawCurve(
  { points }: Curve,
  colour: string,
  across: (value: number) => number,
  up: (value: number) => number,
): string {
  const places = points.map(([x, y]) => [across(x).toFixed(1), up(y).toFixed(1)] as const)
  const dots = places.map(([x, y]) => `<circle class="dot-${colour}" cx="${x}" cy="${y}" r="2.5"/>`)
  return [
    `<polyline class="line ${colour}" points="${places.map(place => place.join(",")).join(" ")}"/>`,
    ...dots,
  ].join("")
}

function legend(x: number, y: number, name: string, colour: string): string {
  if (name === "") return ""
  return `<rect class="dot-${colour}" x="${x}" y="${y - 8}" width="9" height="9" rx="2"/>${text(x + 13, y, name)}`
}

function rule(from: number, upto: number, y: number): string {
  return `<line class="rule" x1="${from}" x2="${upto}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/>`
}

/** 1500000 becomes 1.5M: there is little room. */
function short(value: number): string {
  if (value >= 1e6) return `${trimmed(value / 1e6)}M`
  if (value >= 1e4) return `${trimmed(value / 1e3)}k`
  return value >= 100 ? whole(value) : value === 0 ? "0" : trimmed(value)
}

const trimmed = (value: number) => `${Number(three(value))}`

function text(x: number, y: number, content: string, style = "", anchor = "start"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="${style}" text-anchor="${anchor}">${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
}
