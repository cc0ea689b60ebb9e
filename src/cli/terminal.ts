import { styleText } from "node:util"

type Style = Parameters<typeof styleText>[0]

/** An output stream, such as `process.stdout`. */
export interface Screen {
  readonly isTTY?: boolean
  /** False on a terminal without colours, or where NO_COLOR is set. */
  hasColors?(): boolean
  write(text: string): unknown
}

/** True if the screen may be redrawn: on a terminal, unless NO_COLOR asks for plain lines. */
export function isLive(screen: Screen): boolean {
  return screen.isTTY === true && (screen.hasColors?.() ?? true)
}

/** Colours text for a terminal. For a pipe or a file, or where NO_COLOR is set, the text stays plain. */
export function paint(screen: Screen, style: Style, text: string): string {
  return isLive(screen) ? styleText(style, text, { validateStream: false }) : text
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

/** Fills a share of `width` cells, to an eighth of a cell, and the rest with dots. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const filled = "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]
  return filled + "·".repeat(width - filled.length)
}

const STEPS = "▁▂▃▄▅▆▇█"

/** One character per value. The greatest value has full height. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values, 1)
  return values.map(value => STEPS[Math.round((value / top) * (STEPS.length - 1))]).join("")
}

/** Two columns. The first is as wide as its widest cell. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
}

/** Lines at the bottom of a terminal that are redrawn in place until `clear`. */
export class LiveBlock {
  #height = 0

  constructor(private readonly screen: Screen) {}

  draw(lines: readonly string[]): void {
    // With wrapping off the terminal cuts a long line, so that each line takes exactly one row.
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
