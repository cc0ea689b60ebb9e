/** The free and held units of one item after each fact that moved some. */
export class Timeline {
  readonly #seqs: number[] = []
  readonly #free: number[] = []
  readonly #held: number[] = []

  add(seq: number, free: number, held: number): void {
    this.#seqs.push(seq)
    this.#free.push(free)
    this.#held.push(held)
  }

  /** As of the last move that is not after `seq`. */
  at(seq: number): { free: number; held: number } {
    let low = 0
    let high = this.#seqs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#seqs[middle]! <= seq) low = middle + 1
      else high = middle
    }
    return { free: this.#free[low - 1] ?? 0, held: this.#held[low - 1] ?? 0 }
  }
}
