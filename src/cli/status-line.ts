import { integer } from "./format.ts"
import { bar, isLive, paint, type Screen, sparkline } from "./terminal.ts"

/** Seconds of the sparkline. */
const RATES_MAX = 20
const BAR_WIDTH = 20
/** Between two plain lines: a log is not a terminal. */
const PLAIN_EVERY_MS = 10_000
const WRAP_OFF = "\x1b[?7l"
const WRAP_ON = "\x1b[?7h"
const ERASE = "\r\x1b[K"

interface Stock {
  total: number
  free: number
  held: number
  sold: number
}

/** How the embedded system does. */
export interface SystemStatus {
  nodes: { state: string; requestsPerSecond: number }[]
  /** The sale that is open. */
  sale?: { name: string; items: Stock[] }
}

/**
 * One line at the foot of a terminal. The cursor waits at its beginning, so that a line of the log, whoever writes it,
 * takes its place. Elsewhere a plain line now and then, when something has changed.
 */
export class StatusLine {
  readonly #rates: number[] = []
  #plain = ""
  #plainAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly screen: Screen,
    private readonly now = () => performance.now(),
  ) {}

  state(state: SystemStatus): void {
    this.#rates.push(state.nodes.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0))
    if (this.#rates.length > RATES_MAX) this.#rates.shift()
    if (isLive(this.screen)) this.screen.write(`${ERASE}${WRAP_OFF}${this.#drawn(state)}${WRAP_ON}\r`)
    else this.#tell(state)
  }

  /** Leaves the screen as it was. */
  clear(): void {
    if (isLive(this.screen)) this.screen.write(ERASE)
  }

  #drawn({ nodes, sale }: SystemStatus): string {
    const { screen } = this
    const ready = readyOf(nodes)
    const lamp = paint(screen, ready === nodes.length ? "green" : "red", "●")
    const rates = sparkline(this.#rates).padStart(RATES_MAX)
    const parts = [`${lamp} ${ready} of ${nodes.length} ready`, `${rates} ${integer(this.#rates.at(-1)!)} requests/s`]
    if (sale) {
      const { taken, total } = sumOf(sale.items)
      const drawn = paint(screen, "green", bar(taken / Math.max(1, total), BAR_WIDTH))
      parts.push(`${drawn} ${integer(taken)} of ${integer(total)} ${paint(screen, "bold", sale.name)}`)
    }
    return `  ${parts.join("   ")}`
  }

  #tell({ nodes, sale }: SystemStatus): void {
    const { taken, total } = sumOf(sale?.items ?? [])
    const sold = sale ? `, ${integer(taken)} of ${integer(total)} ${sale.name} sold or held` : ""
    const line = `${readyOf(nodes)} of ${nodes.length} replicas ready${sold}`
    // How it begins stands in the banner.
    this.#plain ||= line
    if (line === this.#plain || this.now() - this.#plainAt < PLAIN_EVERY_MS) return
    this.#plain = line
    this.#plainAt = this.now()
    this.screen.write(`${line}, ${integer(this.#rates.at(-1)!)} requests/s\n`)
  }
}

function readyOf(nodes: SystemStatus["nodes"]): number {
  return nodes.filter(({ state }) => state === "ready").length
}

function sumOf(items: readonly Stock[]): { taken: number; total: number } {
  return items.reduce((sum, { total, held, sold }) => ({ taken: sum.taken + held + sold, total: sum.total + total }), {
    taken: 0,
    total: 0,
  })
}
