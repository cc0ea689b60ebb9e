import { type Clock, systemTime } from "../runtime/time.ts"

/** The terminal, npm and the launcher may each deliver the same Ctrl-C, so signals this close together count as one. */
const SAME_ORDER_MS = 250

/**
 * For a process that stops child processes: the first signal asks for an orderly stop, and a second Ctrl-C ends everything at
 * once.
 */
export class StopSignals implements Disposable {
  readonly #first = Promise.withResolvers<NodeJS.Signals>()
  readonly #second = Promise.withResolvers<void>()
  readonly #signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM"]
  #orderedAt: number | undefined

  constructor(private readonly clock: Clock = systemTime) {}

  /** Listens for SIGINT and SIGTERM, which then no longer end the process. */
  start(): void {
    for (const signal of this.#signals) process.on(signal, this.order)
  }

  /** Counts a signal as an order to stop. */
  readonly order = (signal: NodeJS.Signals): void => {
    const now = this.clock.monotonic()
    if (this.#orderedAt === undefined) {
      this.#orderedAt = now
      this.#first.resolve(signal)
    } else if (signal === "SIGINT" && now - this.#orderedAt > SAME_ORDER_MS) this.#second.resolve()
  }

  get isOrdered(): boolean {
    return this.#orderedAt !== undefined
  }

  /** Resolves with the first signal. */
  get ordered(): Promise<NodeJS.Signals> {
    return this.#first.promise
  }

  /** Resolves with a second Ctrl-C. */
  get orderedAtOnce(): Promise<void> {
    return this.#second.promise
  }

  [Symbol.dispose](): void {
    for (const signal of this.#signals) process.off(signal, this.order)
  }
}

/**
 * For a process whose watchdog or supervisor enforces the stop: aborted by the first SIGINT, SIGTERM or SIGHUP. Further
 * signals have no effect.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopping.abort())
  return stopping.signal
}
