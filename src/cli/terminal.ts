import { styleText } from "node:util"

type Style = Parameters<typeof styleText>[0]

/** A stream that people or programs read; `process.stdout` is one. */
export interface Screen {
  readonly isTTY?: boolean
  /** False on a terminal that shows none, or where NO_COLOR is set. */
  hasColors?(): boolean
  write(text: string): unknown
}

/** Whether what was written may be drawn over: on a terminal, unless NO_COLOR asks for plain lines. */
export function isLive(screen: Screen): boolean {
  return screen.isTTY === true && (screen.hasColors?.() ?? true)
}

/** Colours text for a terminal; plain for a pipe, a file, or where NO_COLOR is set. */
export function paint(screen: Screen, style: Style, text: string): string {
  return isLive(screen) ? styleText(style, text, { validateStream: false }) : text
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

/** `share` of `width` cells, to an eighth of a cell; the rest is dotted. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const filled = "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]
  return filled + "·".repeat(width - filled.length)
}

const STEPS = "▁▂▃▄▅▆▇█"

/** One character a value, the greatest at full height. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values, 1)
  return values.map(value => STEPS[Math.round((value / top) * (STEPS.length - 1))]).join("")
}

/** Two columns; the first as wide as its widest cell. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
}

/** Lines at the foot of a terminal that are drawn over until `clear`. */
export class LiveBlock {
  #height = 0

  constructor(private readonly screen: Screen) {}

  draw(lines: readonly string[]): void {
    // Without automatic wrapping a long line is cut by the terminal, so one line always takes one row.
    this.screen.write(`${this.#erase()}\x1b[?7l${lines.join("\n")}\n\x1b[?7h`)
    this.#height = lines.length
  }

  clear(): void {
    this.screen.write(this.#erase())
    this.#height = 0
  }

  #erase(): string {
    return this.#height === 0 ? "" : `\x1b[${this.#height}F\x1b[J`
  }
}
