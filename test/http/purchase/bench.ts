import type { Answer, Reserve } from "../../../src/core/command.ts"
import { Batcher } from "../../../src/http/purchase/batcher.ts"

interface Call {
  customers: string[]
  resolve(answers: Answer[]): void
  reject(error: Error): void
}

/** A batcher whose store, clock and event loop the test turns by hand. */
export class Bench {
  now = 0
  readonly calls: Call[] = []
  readonly sizes: number[] = []
  #work: (() => void)[] = []
  readonly batcher = new Batcher({
    call: batch => this.#call(batch),
    now: () => this.now,
    soon: work => this.#work.push(work),
    sized: attempts => this.sizes.push(attempts),
  })

  submit(customerId: string, notAfter = 1000): Promise<Answer> {
    const attempt = { kind: "reserve", saleId: "drop", sku: "shoe", key: "k", quantity: 1, suffix: "0000" } as const
    return this.batcher.submit({ ...attempt, customerId, notAfter })
  }

  /** Everything that has arrived has been read. */
  turn(): void {
    const work = this.#work
    this.#work = []
    for (const task of work) task()
  }

  /** Lets what was resolved take effect, and what was scheduled run. */
  async settle(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.turn()
  }

  answer(call: number): void {
    const { customers, resolve } = this.calls[call]!
    resolve(customers.map(name => ({ outcome: "confirmed", detail: `for ${name}` })))
  }

  fail(call: number, error: Error): void {
    this.calls[call]!.reject(error)
  }

  #call(batch: Reserve[]): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      this.calls.push({ customers: batch.map(({ customerId }) => customerId), resolve, reject })
    })
  }
}
