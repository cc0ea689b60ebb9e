import { type Clock, systemTime } from "../runtime/time.ts"
import { visible } from "../wire/text.ts"
import { integer } from "./format.ts"
import { bar, isLive, paint, type Screen, sparkline } from "./terminal.ts"

/** How many seconds the sparkline shows. */
const RATES_MAX = 20
const BAR_WIDTH = 20
/** The shortest time between two plain lines, so that they do not fill a log. */
const PLAIN_EVERY_MS = 10_000
const WRAP_OFF = "\x1b[?7l"
const WRAP_ON = "\x1b[?7h"
const ERASE = "\r\x1b[K"

interface ItemStock {
  total: number
  free: number
  held: number
  sold: number
}

/** The state of the embedded system. */
export interface SystemStatus {
  nodes: { state: string; requestsPerSecond: number }[]
  /** The open sale, if there is one. */
  sale?: { name: string; items: ItemStock[] } | undefined
}

/**
 * One line at the bottom of a terminal. The cursor stays at its beginning, so that the next log line overwrites it,
 * whichever process writes that. Elsewhere: a plain line when something has changed, at most every ten seconds.
 */
export class StatusLine {
  readonly #rates: number[] = []
  #rate = 0
  #plain = ""
  #plainAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly screen: Screen,
    private readonly clock: Pick<Clock, "monotonic"> = systemTime,
  ) {}

  state(state: SystemStatus): void {
    this.#rate = state.nodes.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0)
    this.#rates.push(this.#rate)
    if (this.#rates.length > RATES_MAX) this.#rates.shift()
    if (isLive(this.screen)) this.screen.write(`${ERASE}${WRAP_OFF}${this.#drawn(state)}${WRAP_ON}\r`)
    else this.#writePlain(state)
  }

  /** Removes the line from the terminal. */
  clear(): void {
    if (isLive(this.screen)) this.screen.write(ERASE)
  }

  #drawn({ nodes, sale }: SystemStatus): string {
    const { screen } = this
    const ready = readyOf(nodes)
    const lamp = paint(screen, ready === nodes.length ? "green" : "red", "●")
    const rates = sparkline(this.#rates).padStart(RATES_MAX)
    const parts = [`${lamp} ${ready} of ${nodes.length} ready`, `${rates} ${integer(this.#rate)} requests/s`]
    if (sale) {
      const { taken, total } = sumOf(sale.items)
      const stock = paint(screen, "green", bar(taken / Math.max(1, total), BAR_WIDTH))
      parts.push(`${stock} ${integer(taken)} of ${integer(total)} ${paint(screen, "bold", visible(sale.name))}`)
    }
    return `  ${parts.join("   ")}`
  }

  #writePlain({ nodes, sale }: SystemStatus): void {
    const { taken, total } = sumOf(sale?.items ?? [])
    const sold = sale ? `, ${integer(taken)} of ${integer(total)} ${visible(sale.name)} sold or held` : ""
    const line = `${readyOf(nodes)} of ${nodes.length} replicas ready${sold}`
    // The banner shows the first state.
    this.#plain ||= line
    const now = this.clock.monotonic()
    if (line === this.#plain || now - this.#plainAt < PLAIN_EVERY_MS) return
    this.#plain = line
    this.#plainAt = now
    this.screen.write(`${line}, ${integer(this.#rate)} requests/s\n`)
  }
}

function readyOf(nodes: SystemStatus["nodes"]): number {
  return nodes.filter(({ state }) => state === "ready").length
}

function sumOf(items: readonly ItemStock[]): { taken: number; total: number } {
  return items.reduce((sum, { total, held, sold }) => ({ taken: sum.taken + held + sold, total: sum.total + total }), {
    taken: 0,
    total: 0,
  })
}
