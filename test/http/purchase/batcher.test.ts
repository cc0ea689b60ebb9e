import { describe, expect, test } from "bun:test"
import type { Answer, Reserve } from "../../../src/core/command.ts"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { Admission } from "../../../src/http/purchase/admission.ts"
import { ATTEMPTS_MAX, BATCH_MAX, Batcher, SWEEP_EVERY_MS } from "../../../src/http/purchase/batcher.ts"
import { FakeTime } from "../../support/fake-time.ts"

interface Call {
  customers: string[]
  resolve(answers: Answer[]): void
  reject(error: Error): void
}

/** A batcher whose store, time and event loop the test moves by hand. Its time begins at 0. */
class Bench {
  readonly time = new FakeTime(0)
  readonly calls: Call[] = []
  readonly sizes: number[] = []
  #work: (() => void)[] = []
  readonly batcher: Batcher

  constructor(options: { fewCalls?: boolean } = {}) {
    this.batcher = new Batcher({
      ...options,
      call: batch => this.#call(batch),
      admission: new Admission({ clock: this.time, batchMax: BATCH_MAX }),
      time: this.time,
      soon: work => this.#work.push(work),
      sized: attempts => this.sizes.push(attempts),
    })
    this.batcher.start()
  }

  submit(customerId: string, notAfter = 1000): Promise<Answer> {
    const attempt = { kind: "reserve", saleId: "drop", sku: "shoe", key: "k", quantity: 1, suffix: "0000" } as const
    return this.batcher.submit({ ...attempt, customerId, notAfter })
  }

  /** Ends the turn in which attempts arrive. */
  turn(): void {
    const work = this.#work
    this.#work = []
    for (const task of work) task()
  }

  /** Lets what was resolved take effect, then ends the turn. */
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

  get customers(): string[][] {
    return this.calls.map(({ customers }) => customers)
  }

  #call(batch: Reserve[]): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      this.calls.push({ customers: batch.map(({ customerId }) => customerId), resolve, reject })
    })
  }
}

describe("the batcher", () => {
  test("asks the store about an attempt that came late, and waits for its answer", async () => {
    const bench = new Bench()
    await bench.time.advance(100)
    const answer = bench.submit("ann", 0)
    bench.turn()
    await bench.time.advance(3 * SWEEP_EVERY_MS)
    bench.answer(0)
    expect((await answer).detail).toBe("for ann")
    const unknown = bench.submit("ann", 0)
    bench.turn()
    await bench.time.advance(1000)
    expect((await unknown).outcome).toBe("outcome_unknown")
  })

  test("joins attempts that arrive in one turn into one call, in order", async () => {
    const bench = new Bench()
    const answers = Promise.all(["ann", "bob", "eve"].map(name => bench.submit(name)))
    expect(bench.calls).toEqual([])
    bench.turn()
    expect(bench.sizes).toEqual([3])
    expect(bench.customers).toEqual([["ann", "bob", "eve"]])
    bench.answer(0)
    expect((await answers).map(({ detail }) => detail)).toEqual(["for ann", "for bob", "for eve"])
    expect(bench.batcher.pending).toBe(0)
  })

  test("makes at most two calls at once, and joins the attempts that arrive meanwhile into the next", async () => {
    const bench = new Bench()
    for (const name of ["ann", "bob"]) {
      void bench.submit(name)
      bench.turn()
    }
    for (const name of ["eve", "dan", "ida"]) void bench.submit(name)
    bench.turn()
    expect(bench.customers).toEqual([["ann"], ["bob"]])
    bench.answer(1)
    await bench.settle()
    expect(bench.customers).toEqual([["ann"], ["bob"], ["eve", "dan", "ida"]])
  })

  test("given that few calls are wanted, lets one grow while another is under way, unless that one is slow or this one full", async () => {
    const bench = new Bench({ fewCalls: true })
    void bench.submit("ann")
    bench.turn()
    for (const name of ["bob", "eve"]) void bench.submit(name)
    bench.turn()
    expect(bench.customers).toEqual([["ann"]])
    await bench.time.advance(40)
    bench.answer(0)
    await bench.settle()
    expect(bench.customers).toEqual([["ann"], ["bob", "eve"]])
    // A call has taken 40 ms, so one usually takes 5.
    void bench.submit("dan")
    bench.turn()
    expect(bench.calls).toHaveLength(2)
    await bench.time.advance(11)
    void bench.submit("ida")
    bench.turn()
    expect(bench.customers.slice(2)).toEqual([["dan", "ida"]])
    bench.answer(1)
    await bench.settle()
    for (let at = 0; at < BATCH_MAX; at++) void bench.submit(`cust-${at}`)
    bench.turn()
    expect(bench.sizes.at(-1)).toBe(BATCH_MAX)
  })

  test("makes the next call after one that failed", async () => {
    const bench = new Bench()
    for (const name of ["ann", "bob", "eve"]) {
      void bench.submit(name)
      bench.turn()
    }
    bench.fail(0, new Error("away"))
    await bench.settle()
    expect(bench.calls).toHaveLength(3)
  })

  test("given more attempts than fit into one call, makes several and keeps the order", async () => {
    const bench = new Bench()
    const names = Array.from({ length: BATCH_MAX * 2 + 10 }, (_, at) => `cust-${at}`)
    const answers = Promise.all(names.map(name => bench.submit(name)))
    for (let call = 0; call < 3; call++) {
      bench.turn()
      await bench.settle()
      bench.answer(call)
      await bench.settle()
    }
    expect(bench.sizes).toEqual([BATCH_MAX, BATCH_MAX, 10])
    expect(bench.customers.flat()).toEqual(names)
    expect((await answers).map(({ detail }) => detail)).toEqual(names.map(name => `for ${name}`))
  })

  test("given the largest number of pending attempts, refuses one more at once", async () => {
    const bench = new Bench()
    for (let at = 0; at < ATTEMPTS_MAX; at++) void bench.submit(`cust-${at}`)
    expect(bench.batcher.pending).toBe(ATTEMPTS_MAX)
    expect(await bench.submit("late")).toEqual({ outcome: "overloaded" })
    bench.turn()
    bench.answer(0)
    await bench.settle()
    void bench.submit("in time")
    expect(bench.batcher.pending).toBe(ATTEMPTS_MAX - BATCH_MAX + 1)
    expect(bench.customers.flat()).not.toContain("late")
  })

  test("given an attempt whose time is up before it is sent, answers overloaded and never sends it", async () => {
    const bench = new Bench()
    const late = bench.submit("ann", 100)
    const other = bench.submit("bob", 200)
    await bench.time.advance(100)
    expect(bench.batcher.pending).toBe(2)
    await bench.time.advance(SWEEP_EVERY_MS)
    expect(await late).toEqual({ outcome: "overloaded" })
    bench.turn()
    expect(bench.customers).toEqual([["bob"]])
    bench.answer(0)
    expect(await other).toMatchObject({ outcome: "confirmed" })
  })

  test("given an attempt whose time is up after it is sent, answers outcome_unknown and ignores a late answer", async () => {
    const bench = new Bench()
    const attempt = bench.submit("ann", 100)
    bench.turn()
    await bench.time.advance(100 + 2 * SWEEP_EVERY_MS)
    bench.answer(0)
    expect(await attempt).toEqual({ outcome: "outcome_unknown" })
    expect(bench.batcher.pending).toBe(0)
  })

  test("given that the time of all queued attempts is up, still sends the next one", async () => {
    const bench = new Bench()
    void bench.submit("ann", 100)
    await bench.time.advance(100 + SWEEP_EVERY_MS)
    bench.turn()
    expect(bench.calls).toEqual([])
    void bench.submit("bob", 200)
    bench.turn()
    expect(bench.customers).toEqual([["bob"]])
  })

  test("looks at attempts no more once it is disposed", async () => {
    const bench = new Bench()
    await bench.batcher[Symbol.asyncDispose]()
    expect(bench.time.pending).toBe(0)
  })

  test("given a call that fails, answers overloaded if it certainly had no effect, otherwise outcome_unknown", async () => {
    const faults: [Error, string][] = [
      [new InventoryFault("The disk is full.", true), "overloaded"],
      [new InventoryFault("The supervisor is gone.", false), "outcome_unknown"],
      [new Error("broken pipe"), "outcome_unknown"],
    ]
    for (const [fault, outcome] of faults) {
      const bench = new Bench()
      const attempts = [bench.submit("ann"), bench.submit("bob")]
      bench.turn()
      bench.fail(0, fault)
      expect(await Promise.all(attempts)).toEqual([{ outcome }, { outcome }] as never)
    }
  })

  test("given a call with too few answers, answers the other attempts outcome_unknown", async () => {
    const bench = new Bench()
    const attempts = [bench.submit("ann"), bench.submit("bob")]
    bench.turn()
    bench.calls[0]!.resolve([{ outcome: "sold_out" }])
    expect(await Promise.all(attempts)).toEqual([{ outcome: "sold_out" }, { outcome: "outcome_unknown" }])
  })
})
