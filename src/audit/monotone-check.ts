import { Check, counted } from "./check.ts"
import type { Invoke, Reply } from "./history.ts"

/**
 * A replica may refuse from memory with `sold_out` for this long after a unit came back: the refusal was true a moment
 * before. Every other answer is the store's own and never older than one that somebody already has.
 */
const MEMORY_MICROS_MAX = 250_000

/** I13: an answer is never of an earlier fact than an answer that was received before its request was sent. */
export class Monotone {
  readonly #check = new Check("I13 monotone reads")
  readonly #ops: number[] = []
  readonly #seqs: number[] = []
  readonly #sent: number[] = []
  readonly #received: number[] = []

  answered(invoke: Invoke, reply: Reply): void {
    if (reply.seq === undefined) return
    this.#ops.push(invoke.op)
    this.#seqs.push(reply.seq)
    this.#received.push(reply.t)
    // A repeat names the order's fact, not the sale's last one: others are compared with it, not it with others.
    const sent = reply.replayed ? Number.NEGATIVE_INFINITY : invoke.t
    this.#sent.push(reply.code === "sold_out" ? sent - MEMORY_MICROS_MAX : sent)
  }

  /** Sweeps through time once: by request, with the latest fact that anybody had been told of before it. */
  result() {
    const byReceived = order(this.#received)
    let next = 0
    let latest = -1
    for (const answer of order(this.#sent)) {
      while (next < byReceived.length && this.#received[byReceived[next]!]! < this.#sent[answer]!) {
        const other = byReceived[next++]!
        if (latest < 0 || this.#seqs[other]! > this.#seqs[latest]!) latest = other
      }
      if (latest < 0 || this.#seqs[answer]! >= this.#seqs[latest]!) continue
      const earlier = `op ${this.#ops[latest]} had been told of fact ${this.#seqs[latest]} before it was sent`
      this.#check.fails(`op ${this.#ops[answer]} was answered as of fact ${this.#seqs[answer]}, but ${earlier}`)
    }
    return this.#check.result(
      `${counted(this.#ops.length, "answer")}, none older than one that came before its request`,
    )
  }

  violations(): string[] {
    return this.#check.violations()
  }

  skipped(why: string) {
    return this.#check.skipped(why)
  }
}

/** The indices of `times` in order of time. */
function order(times: readonly number[]): Uint32Array {
  return Uint32Array.from(times.keys()).sort((one, other) => times[one]! - times[other]! || one - other)
}
