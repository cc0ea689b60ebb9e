import type { Time } from "../../src/runtime/time.ts"

interface Due {
  at: number
  work(): void
  every?: number
}

/** Time that moves only when a test calls `advance`. */
export class FakeTime implements Time {
  #now: number
  readonly #startedAt: number
  #due: Due[] = []

  constructor(now = 1_700_000_000_000) {
    this.#now = now
    this.#startedAt = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now - this.#startedAt
  }

  after(ms: number, work: () => void): Disposable {
    return this.#add({ at: this.#now + ms, work })
  }

  every(ms: number, work: () => void): Disposable {
    return this.#add({ at: this.#now + ms, work, every: ms })
  }

  /** Timers that have not fired or been cancelled. */
  get pending(): number {
    return this.#due.length
  }

  /** Moves time on and runs each timer at its own moment, with everything that follows from it. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#now = next.at
      if (next.every === undefined) this.#remove(next)
      else next.at += next.every
      next.work()
      await settle()
    }
    this.#now = until
  }

  #next(until: number): Due | undefined {
    return this.#due.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0]
  }

  #add(due: Due): Disposable {
    this.#due.push(due)
    return { [Symbol.dispose]: () => this.#remove(due) }
  }

  #remove(due: Due): void {
    this.#due = this.#due.filter(one => one !== due)
  }
}

/** Waits until every promise that can settle now has settled. */
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
