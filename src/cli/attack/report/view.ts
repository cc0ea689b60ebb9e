import { integer, milliseconds, percent, shares } from "../../format.ts"
import { bar, columns, isLive, LiveBlock, paint, type Screen, sparkline } from "../../terminal.ts"
import type { AttackProgress } from "../observer.ts"

const FRAME_MS = 100
const LINE_MS = 1_000
/** Seconds of the sparkline. */
const RATES_MAX = 40
const BAR_WIDTH = 30

/** Shows an attack while it runs: one block that refreshes on a terminal, a plain line a second elsewhere or with NO_COLOR. */
export class ProgressView {
  #timer: Timer | undefined
  #block: LiveBlock | undefined
  #rates = new RequestRates()

  constructor(private readonly screen: Screen) {}

  start(progress: () => AttackProgress): void {
    const { screen } = this
    const block = isLive(screen) ? new LiveBlock(screen) : undefined
    this.#block = block
    this.#timer = setInterval(
      () => {
        const now = progress()
        this.#rates.see(now.seconds, now.counters.requests)
        if (block) block.draw(frame(now, this.#rates.all, screen))
        else screen.write(`${plainLine(now, this.#rates.last)}\n`)
      },
      block ? FRAME_MS : LINE_MS,
    )
  }

  /** Leaves the screen as it was on a terminal. */
  stop(): void {
    clearInterval(this.#timer)
    this.#block?.clear()
  }
}

/** Requests per second, one figure a second. */
export class RequestRates {
  readonly all: number[] = []
  #since = 0
  #requests = 0

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

export function frame(progress: AttackProgress, rates: readonly number[], screen: Screen): string[] {
  const { seconds, planned, counters: tally, item, sale } = progress
  const dim = (text: string): string => paint(screen, "dim", text)
  const sold = item.sold + item.held + tally.won
  const nodes = shares(tally.nodes).map(([node, share]) => `${node} ${bar(share, 6)} ${percent(share)}`)
  return [
    "",
    `  ${paint(screen, "bold", sale)}  ${dim(`${seconds.toFixed(1)} s, ${integer(tally.settled)} of ${integer(planned)} purchases`)}`,
    "",
    ...columns([
      [
        "sold",
        `${paint(screen, "green", bar(sold / Math.max(1, item.total), BAR_WIDTH))} ${integer(sold)} of ${integer(item.total)}`,
      ],
      ["refused", `${bar(tally.refusals / Math.max(1, planned), BAR_WIDTH)} ${integer(tally.refusals)}`],
      ["unknown", tally.unknown > 0 ? paint(screen, "yellow", integer(tally.unknown)) : "0"],
      ["rate", `${sparkline(rates.slice(-BAR_WIDTH)).padEnd(BAR_WIDTH)} ${integer(rates.at(-1) ?? 0)} requests/s`],
      ["p99", milliseconds(tally.percentileMs(99))],
      ["nodes", nodes.join("  ")],
    ]),
    "",
  ]
}

export function plainLine({ seconds, counters: tally, item }: AttackProgress, rate: number): string {
  const nodes = shares(tally.nodes).map(([node, share]) => `${node} ${percent(share)}`)
  return [
    `${seconds.toFixed(0)} s`,
    `sold ${integer(item.sold + item.held + tally.won)}`,
    `refused ${integer(tally.refusals)}`,
    `unknown ${integer(tally.unknown)}`,
    `${integer(rate)} requests/s`,
    `p99 ${milliseconds(tally.percentileMs(99))}`,
    ...nodes,
  ].join("  ")
}
