import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { CustomerFilter, CustomerIndex } from "../../src/core/customer-index.ts"

const customer = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)

describe("the filter of customers who may hold an order", () => {
  test("an empty table has no customers", () => {
    expect(new CustomerFilter().mayHold("ann")).toBe(false)
    expect(new CustomerIndex().seqsOf("ann")).toEqual([])
  })

  test("given customers with orders, it denies none of them and returns their seqs in ascending order", () => {
    fc.assert(
      fc.property(fc.array(customer, { maxLength: 2000, size: "max" }), customers => {
        const index = new CustomerIndex()
        const seqs = new Map<string, number[]>()
        for (const [at, name] of customers.entries()) {
          index.add(name, at + 1)
          seqs.set(name, [...(seqs.get(name) ?? []), at + 1])
        }
        const told = CustomerFilter.fromBase64(index.holders().toBase64())
        for (const [name, own] of seqs) {
          expect([name, index.mayHold(name), told.mayHold(name)]).toEqual([name, true, true])
          const found = index.seqsOf(name)
          expect(found.filter(seq => own.includes(seq))).toEqual(own)
          expect(found).toEqual(found.toSorted((one, other) => one - other))
        }
      }),
      // Without a time limit, fast-check would shrink a failure for minutes.
      { numRuns: 30, interruptAfterTimeLimit: 4000 },
    )
  })

  test("given 100,000 customers, the growing table finds each one and has few false positives", () => {
    const size = 100_000
    const index = new CustomerIndex()
    for (let at = 0; at < size; at++) index.add(`cust-${at}`, at + 1)
    const holders = index.holders()
    let missed = 0
    let mistaken = 0
    for (let at = 0; at < size; at++) {
      if (!holders.mayHold(`cust-${at}`) || !index.seqsOf(`cust-${at}`).includes(at + 1)) missed++
      if (holders.mayHold(`stranger-${at}`)) mistaken++
    }
    expect(missed).toBe(0)
    // 100,000 of 2^32 fingerprints are in use, so two or three false positives in 100,000 are expected.
    expect(mistaken).toBeLessThan(20)
  })

  test("given one customer with many orders, lookups of that customer and of others stay fast", () => {
    const index = new CustomerIndex()
    for (let seq = 1; seq <= 3000; seq++) index.add("ann", seq)
    index.add("bob", 3001)
    expect(index.seqsOf("ann")).toEqual(Array.from({ length: 3000 }, (_, at) => at + 1))
    expect(index.seqsOf("bob")).toEqual([3001])
  })

  test("a copy for replicas does not change when the index does", () => {
    const index = new CustomerIndex()
    index.add("ann", 1)
    const holders = index.holders()
    index.add("bob", 2)
    expect([holders.mayHold("ann"), holders.mayHold("bob"), index.mayHold("bob")]).toEqual([true, false, true])
  })
})
