import { systemTime, type Timers } from "../../../runtime/time.ts"
import { integer, milliseconds, percent, shares } from "../../format.ts"
import { bar, columns, isLive, LiveBlock, paint, type Screen, sparkline } from "../../terminal.ts"
import type { AttackProgress } from "../observer.ts"

const FRAME_MS = 100
const LINE_MS = 1_000
/** How many seconds the sparkline shows. */
const RATES_MAX = 40
const BAR_WIDTH = 30

/**
 * Shows a running attack: a block that is redrawn in place on a terminal; one plain line per second elsewhere, or where
 * NO_COLOR is set.
 */
export class ProgressView {
  #timer: Disposable | undefined
  #block: LiveBlock | undefined
  readonly #rates = new RequestRates()

  constructor(
    private readonly screen: Screen,
    private readonly timers: Timers = systemTime,
  ) {}

  start(progress: () => AttackProgress): void {
    const { screen, timers } = this
    const block = isLive(screen) ? new LiveBlock(screen) : undefined
    this.#block = block
    this.#timer = timers.every(block ? FRAME_MS : LINE_MS, () => {
      const now = progress()
      this.#rates.see(now.seconds, now.counters.requests)
      if (block) block.draw(frame(now, this.#rates.all, screen))
      else screen.write(`${plainLine(now, this.#rates.last)}\n`)
    })
  }

  /** Ends the view and removes its block. Writes `notice`, if one is given. */
  stop(notice?: string): void {
    this.#timer?.[Symbol.dispose]()
    this.#block?.clear()
    if (notice !== undefined) this.screen.write(`${notice}\n`)
  }
}

/** Requests per second, one figure for each second. */
export class RequestRates {
  readonly all: number[] = []
  #since = 0
  #requests = 0

  /** Takes the number of requests so far. */
  see(seconds: number, requests: number): void {
    const passed = seconds - this.#since
    if (passed < 0.95 && this.all.length > 0) return
    if (passed <= 0) return
    this.all.push((requests - this.#requests) / passed)
    if (this.all.length > RATES_MAX) this.all.shift()
    this.#since = seconds
    this.#requests = requests
  }

  get last(): number {
    return this.all.at(-1) ?? 0
  }
}

/** The lines of the block. */
export function frame(progress: AttackProgress, rates: readonly number[], screen: Screen): string[] {
  const { seconds, planned, counters, item, sale } = progress
  const dim = (text: string): string => paint(screen, "dim", text)
  const sold = item.sold + item.held + counters.won
  const nodes = shares(counters.nodes).map(([node, share]) => `${node} ${bar(share, 6)} ${percent(share)}`)
  const purchases = `${integer(counters.settled)} of ${integer(planned)} purchases`
  return [
    "",
    `  ${paint(screen, "bold", sale)}  ${dim(`${seconds.toFixed(1)} s, ${purchases}`)}`,
    "",
    ...columns([
      [
        "sold",
        `${paint(screen, "green", bar(sold / Math.max(1, item.total), BAR_WIDTH))} ${integer(sold)} of ${integer(item.total)}`,
      ],
      ["refused", `${bar(counters.refusals / Math.max(1, planned), BAR_WIDTH)} ${integer(counters.refusals)}`],
      ["unknown", counters.unknown > 0 ? paint(screen, "yellow", integer(counters.unknown)) : "0"],
      ["rate", `${sparkline(rates.slice(-BAR_WIDTH)).padEnd(BAR_WIDTH)} ${integer(rates.at(-1) ?? 0)} requests/s`],
      ["p99", milliseconds(counters.percentileMs(99))],
      ["nodes", nodes.join("  ")],
    ]),
    "",
  ]
}

/** One line for a pipe or a file. */
export function plainLine({ seconds, counters, item }: AttackProgress, rate: number): string {
  const nodes = shares(counters.nodes).map(([node, share]) => `${node} ${percent(share)}`)
  return [
    `${seconds.toFixed(0)} s`,
    `sold ${integer(item.sold + item.held + counters.won)}`,
    `refused ${integer(counters.refusals)}`,
    `unknown ${integer(counters.unknown)}`,
    `${integer(rate)} requests/s`,
    `p99 ${milliseconds(counters.percentileMs(99))}`,
    ...nodes,
  ].join("  ")
}
