import { expect, test } from "bun:test"
import fc from "fast-check"
import type { Answer, Reserve } from "../../../src/core/command.ts"
import type { Order } from "../../../src/core/order.ts"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { answersFrom, attemptsFrom, flatAnswers, flatAttempts } from "../../../src/embedded/ipc/attempts.ts"

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/)
const count = fc.integer({ min: 0, max: 2 ** 50 })
const quantity = fc.oneof(fc.integer(), fc.constantFrom(1, 0, -1, 1.5))
const few = fc.constantFrom("drop", "shoe", "cap")
const attempt: fc.Arbitrary<Reserve> = fc.record({
  kind: fc.constant("reserve" as const),
  saleId: few,
  sku: few,
  customerId: id,
  key: id,
  quantity,
  suffix: id,
  notAfter: count,
})
const price = fc.record({ amount: fc.constantFrom(0, 100, 200), currency: fc.constantFrom("EUR", "IDR") })

/** An answer as a store gives it to this attempt, or one that it would never give. */
function answerTo({ saleId, sku, customerId, key, quantity }: Reserve): fc.Arbitrary<Answer> {
  const state = fc.constantFrom("confirmed" as const, "held" as const)
  const made = fc.record({ id, state, seq: count, createdAt: count, unitPrice: price, payBefore: fc.option(count) })
  const own = made.map(({ payBefore, ...rest }): Answer => {
    const order: Order = { saleId, sku, customerId, key, quantity, ...rest }
    if (payBefore !== null) order.payBefore = payBefore
    return { outcome: order.state, seq: order.seq, order }
  })
  const changed = fc.constantFrom<Partial<Order>>(
    { key: "other" },
    { customerId: "other" },
    { saleId: "other" },
    { sku: "other" },
    { quantity: quantity + 1 },
    { state: "released", releaseReason: "expired" },
    { seq: 1 },
  )
  return fc.oneof(
    own,
    own.map((answer): Answer => ({ ...answer, replayed: true })),
    fc.tuple(own, changed).map(([answer, change]): Answer => ({ ...answer, order: { ...answer.order!, ...change } })),
    fc.constantFrom<Answer>({ outcome: "sold_out", seq: 4, free: 0 }, { outcome: "overloaded" }),
    fc.constantFrom<Answer>({ outcome: "rate_limited", seq: 9, retryAt: 1, detail: "Wait." }),
  )
}

const overWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

test("attempts and their answers are the same after both were written flat and read again", () => {
  const batch = fc
    .array(attempt, { maxLength: 8 })
    .chain(attempts => fc.tuple(fc.constant(attempts), fc.tuple(...attempts.map(answerTo))))
  fc.assert(
    fc.property(batch, ([attempts, answers]) => {
      const read = attemptsFrom(overWire(flatAttempts(attempts, 0)))
      expect(read).toStrictEqual(attempts)
      expect(answersFrom(overWire(flatAnswers(read, answers)), attempts)).toStrictEqual(answers)
    }),
    { numRuns: 500 },
  )
})

test("the time limit is told by the supervisor's elapsed time and is never later", () => {
  const [one] = fc.sample(attempt, 1) as [Reserve]
  expect(attemptsFrom(flatAttempts([{ ...one, notAfter: 20.75 }], 1000.5))[0]?.notAfter).toBe(1021)
})

test("commands that are not all attempts to buy, or cannot be written, are not made flat", () => {
  const [one] = fc.sample(attempt, 1) as [Reserve]
  const never = Number.NEGATIVE_INFINITY
  for (const odd of [{ quantity: Number.NaN }, { saleId: "" }, { sku: "" }, { notAfter: never }]) {
    expect(flatAttempts([one, { ...one, ...odd }], 0)).toBeUndefined()
  }
  expect(flatAttempts([one, { kind: "confirm", orderId: "A1-0000" }], 0)).toBeUndefined()
})

test("a message that is no list of attempts is refused, and certainly had no effect", () => {
  const [one] = fc.sample(attempt, 1) as [Reserve]
  const flat = flatAttempts([one], 0)!
  const spoilt = flat.flatMap((_, at) => [null, {}, true].map(value => flat.with(at, value as never)))
  for (const message of [undefined, null, 7, "text", {}, [1], flat.slice(1), [...flat, 1], ...spoilt]) {
    const fault = new InventoryFault("A message between replica and supervisor could not be read.", true)
    expect(() => attemptsFrom(message)).toThrow(fault)
  }
})

test("answers that do not fit the attempts are a fault, and what happened is unknown", () => {
  const attempts = fc.sample(attempt, 2)
  const flat = flatAnswers(attempts, [{ outcome: "sold_out" }, { outcome: "sold_out" }])
  for (const message of [[], flat.slice(2), [...flat, null], ["confirmed", 1, "A1-0000", 5, null, null]]) {
    let fault: unknown
    try {
      answersFrom(message, attempts)
    } catch (error) {
      fault = error
    }
    expect(fault).toMatchObject({ certain: false })
  }
})
