import type { Millis } from "../../core/sale.ts"

/** When a held order was made, and when its hold ends. */
export interface Hold {
  createdSeq: number
  createdAt: Millis
  payBefore: Millis
}

/** The queue forgets ended holds at its front once there are so many. */
const ENDED_MAX = 1000

/** The held orders of one sale, in memory: the next deadline costs no look at the file. */
export class HeldOrders {
  readonly #bySeq = new Map<number, Hold>()
  /** In order of their deadlines. Holds that have ended stay until they come to the front. */
  readonly #queue: Hold[] = []
  #front = 0

  add(hold: Hold): void {
    this.#bySeq.set(hold.createdSeq, hold)
    const place = this.#placeOf(hold.payBefore)
    if (place === this.#queue.length) this.#queue.push(hold)
    else this.#queue.splice(place, 0, hold)
  }

  end(createdSeq: number): void {
    this.#bySeq.delete(createdSeq)
  }

  /** In no particular order. */
  all(): Iterable<Hold> {
    return this.#bySeq.values()
  }

  /** The hold that ends first. */
  first(): Hold | undefined {
    while (this.#front < this.#queue.length && !this.#stands(this.#queue[this.#front]!)) this.#front++
    if (this.#front > ENDED_MAX) {
      this.#queue.splice(0, this.#front)
      this.#front = 0
    }
    return this.#queue[this.#front]
  }

  /** Holds that end at `now` or before, the earliest first. */
  due(now: Millis, limit: number): Hold[] {
    const due: Hold[] = []
    if (!this.first()) return due
    for (let at = this.#front; at < this.#queue.length && due.length < limit; at++) {
      const hold = this.#queue[at]!
      if (hold.payBefore > now) break
      if (this.#stands(hold)) due.push(hold)
    }
    return due
  }

  #stands(hold: Hold): boolean {
    return this.#bySeq.get(hold.createdSeq) === hold
  }

  /** Behind every hold with the same deadline. It is the end, unless an administrator has shortened the holds. */
  #placeOf(payBefore: Millis): number {
    let from = this.#front
    let to = this.#queue.length
    if (to === from || this.#queue[to - 1]!.payBefore <= payBefore) return to
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#queue[middle]!.payBefore <= payBefore) from = middle + 1
      else to = middle
    }
    return from
  }
}
