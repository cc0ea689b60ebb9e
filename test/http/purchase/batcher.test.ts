import { describe, expect, test } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { ATTEMPTS_MAX, BATCH_MAX } from "../../../src/http/purchase/batcher.ts"
import { Bench } from "./bench.ts"

describe("the batcher", () => {
  test("joins what arrived together into one call, in order", async () => {
    const bench = new Bench()
    const answers = Promise.all(["ann", "bob", "eve"].map(name => bench.submit(name)))
    expect(bench.calls).toEqual([])
    bench.turn()
    expect(bench.sizes).toEqual([3])
    expect(bench.calls[0]!.customers).toEqual(["ann", "bob", "eve"])
    bench.answer(0)
    expect((await answers).map(({ detail }) => detail)).toEqual(["for ann", "for bob", "for eve"])
    expect(bench.batcher.pending).toBe(0)
  })

  test("has at most two calls under way; what arrives meanwhile waits and is joined", async () => {
    const bench = new Bench()
    for (const name of ["ann", "bob"]) {
      bench.submit(name)
      bench.turn()
    }
    for (const name of ["eve", "dan", "ida"]) bench.submit(name)
    bench.turn()
    expect(bench.calls.map(({ customers }) => customers)).toEqual([["ann"], ["bob"]])
    bench.answer(1)
    await bench.settle()
    expect(bench.calls.map(({ customers }) => customers)).toEqual([["ann"], ["bob"], ["eve", "dan", "ida"]])
  })

  test("a call that fails makes room for the next as well", async () => {
    const bench = new Bench()
    for (const name of ["ann", "bob", "eve"]) {
      bench.submit(name)
      bench.turn()
    }
    bench.fail(0, new Error("away"))
    await bench.settle()
    expect(bench.calls).toHaveLength(3)
  })

  test("no call is larger than the bound, and the order is kept over calls", async () => {
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
    expect(bench.calls.flatMap(({ customers }) => customers)).toEqual(names)
    expect((await answers).map(({ detail }) => detail)).toEqual(names.map(name => `for ${name}`))
  })

  test("beyond the bound of attempts the answer is an immediate no", async () => {
    const bench = new Bench()
    for (let at = 0; at < ATTEMPTS_MAX; at++) bench.submit(`cust-${at}`)
    expect(bench.batcher.pending).toBe(ATTEMPTS_MAX)
    expect(await bench.submit("late")).toEqual({ outcome: "overloaded" })
    bench.turn()
    bench.answer(0)
    await bench.settle()
    bench.submit("in time")
    expect(bench.batcher.pending).toBe(ATTEMPTS_MAX - BATCH_MAX + 1)
    expect(bench.calls.flatMap(({ customers }) => customers)).not.toContain("late")
  })

  test("an attempt whose time is up before it was sent had no effect, and is never sent", async () => {
    const bench = new Bench()
    const late = bench.submit("ann", 100)
    const other = bench.submit("bob", 200)
    bench.now = 100
    bench.batcher.sweep()
    expect(bench.batcher.pending).toBe(2)
    bench.now = 101
    bench.batcher.sweep()
    expect(await late).toEqual({ outcome: "overloaded" })
    bench.turn()
    expect(bench.calls[0]!.customers).toEqual(["bob"])
    bench.answer(0)
    expect(await other).toMatchObject({ outcome: "confirmed" })
  })

  test("an attempt whose time is up after it was sent is unknown, and a late answer changes nothing", async () => {
    const bench = new Bench()
    const attempt = bench.submit("ann", 100)
    bench.turn()
    bench.now = 101
    bench.batcher.sweep()
    bench.batcher.sweep()
    bench.answer(0)
    expect(await attempt).toEqual({ outcome: "outcome_unknown" })
    expect(bench.batcher.pending).toBe(0)
  })

  test("when everything that waits is out of time, the next attempt is still sent", async () => {
    const bench = new Bench()
    bench.submit("ann", 100)
    bench.now = 101
    bench.batcher.sweep()
    bench.turn()
    expect(bench.calls).toEqual([])
    bench.submit("bob", 200)
    bench.turn()
    expect(bench.calls[0]!.customers).toEqual(["bob"])
  })

  test("a fault that is certain had no effect; any other is unknown", async () => {
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

  test("an answer that is missing is unknown", async () => {
    const bench = new Bench()
    const attempts = [bench.submit("ann"), bench.submit("bob")]
    bench.turn()
    bench.calls[0]!.resolve([{ outcome: "sold_out" }])
    expect(await Promise.all(attempts)).toEqual([{ outcome: "sold_out" }, { outcome: "outcome_unknown" }])
  })
})
