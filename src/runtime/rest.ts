import { sleep, systemTime, type Timers } from "./time.ts"

/** The rest between two steps of repeated work. News may end it early. */
export class Rest {
  #isWoken = false
  #end = (): void => {}

  constructor(private readonly timers: Timers = systemTime) {}

  /** Ends the rest that is being taken, or else the next one, as early as that may end. */
  wake(): void {
    this.#isWoken = true
    this.#end()
  }

  /** Resolves after `longest` ms, or from `shortest` ms on once woken, or as soon as `signal` is aborted. Never rejects. */
  async take(shortest: number, longest: number, signal: AbortSignal): Promise<void> {
    await sleep(shortest, signal, this.timers)
    if (!this.#isWoken && !signal.aborted && longest > shortest) {
      const ended = new AbortController()
      this.#end = () => ended.abort()
      signal.addEventListener("abort", this.#end)
      await sleep(longest - shortest, ended.signal, this.timers)
      signal.removeEventListener("abort", this.#end)
    }
    this.#isWoken = false
  }
}
