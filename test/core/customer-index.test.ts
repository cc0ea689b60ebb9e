import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { CustomerFilter, CustomerIndex } from "../../src/core/customer-index.ts"

const customer = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)

describe("who may hold an order", () => {
  test("an empty table holds nobody", () => {
    expect(new CustomerFilter().mayHold("ann")).toBe(false)
    expect(new CustomerIndex().seqsOf("ann")).toEqual([])
  })

  test("never is a customer who has one denied, and their seqs rise", () => {
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
      // Without an end, a failure would be made smaller for minutes.
      { numRuns: 30, interruptAfterTimeLimit: 4000 },
    )
  })

  test("a hundred thousand customers are all found through every growth, and few strangers are taken for one", () => {
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
    // 100,000 of 2^32 fingerprints are taken: two or three strangers in 100,000 are expected.
    expect(mistaken).toBeLessThan(20)
  })

  test("one customer with many orders is found quickly, and so are others", () => {
    const index = new CustomerIndex()
    for (let seq = 1; seq <= 3000; seq++) index.add("ann", seq)
    index.add("bob", 3001)
    expect(index.seqsOf("ann")).toEqual(Array.from({ length: 3000 }, (_, at) => at + 1))
    expect(index.seqsOf("bob")).toEqual([3001])
  })

  test("what replicas are given does not change with the index", () => {
    const index = new CustomerIndex()
    index.add("ann", 1)
    const holders = index.holders()
    index.add("bob", 2)
    expect([holders.mayHold("ann"), holders.mayHold("bob"), index.mayHold("bob")]).toEqual([true, false, true])
  })
})
