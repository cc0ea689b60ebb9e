import { Check, counted } from "./check.ts"
import type { Completion, Invocation } from "./history.ts"

/**
 * A replica may refuse with `sold_out` from memory for this long after a unit has become free. Every other answer comes
 * from the store, so it is never older than an answer that was received before.
 */
const MEMORY_MICROS_MAX = 250_000

/** I13: an answer is never based on an older fact than an answer that was received before its request was sent. */
export class MonotoneCheck {
  readonly #check = new Check("I13 monotone reads")
  readonly #ops: number[] = []
  readonly #seqs: number[] = []
  readonly #sent: number[] = []
  readonly #received: number[] = []

  answered(invocation: Invocation, completion: Completion): void {
    if (completion.seq === undefined) return
    this.#ops.push(invocation.op)
    this.#seqs.push(completion.seq)
    this.#received.push(completion.t)
    // A replay names the order's fact, not the sale's latest one. So it may be older than earlier answers, but later
    // answers may not be older than it.
    const sent = completion.replayed ? Number.NEGATIVE_INFINITY : invocation.t
    this.#sent.push(completion.code === "sold_out" ? sent - MEMORY_MICROS_MAX : sent)
  }

  /** Compares each answer with the latest fact that any answer had named before its request was sent. */
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
      const earlier = `op ${this.#ops[latest]} had received fact ${this.#seqs[latest]} before that request was sent`
      this.#check.fails(`op ${this.#ops[answer]} was answered as of fact ${this.#seqs[answer]}, but ${earlier}`)
    }
    return this.#check.result(
      `${counted(this.#ops.length, "answer")}, none older than an answer received before its request`,
    )
  }

  violations(): string[] {
    return this.#check.violations()
  }

  skipped(why: string) {
    return this.#check.skipped(why)
  }
}

/** The indices of `times`, sorted by time. */
function order(times: readonly number[]): Uint32Array {
  return Uint32Array.from(times.keys()).sort((one, other) => times[one]! - times[other]! || one - other)
}
