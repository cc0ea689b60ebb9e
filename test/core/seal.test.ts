import { expect, test } from "bun:test"
import { createHash } from "node:crypto"
import type { Fact } from "../../src/core/fact.ts"
import { digestBytes, factDigest, pageFrom, sealAfter, sealPage, UNSEALED } from "../../src/core/seal.ts"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

const facts: Fact[] = Array.from({ length: 6 }, (_, at) => ({
  ...{ saleId: "drop", seq: at + 1, at: 1000 + at, kind: "stocked", sku: "shoe", quantity: 1 },
  ...{ free: at + 1, held: 0, sold: 0, hash: `h${at}` },
}))

test("a fact's digest covers each of its fields, but neither the fact before it nor its hash", () => {
  const [fact] = facts
  const digest = factDigest(fact!, sha256)
  expect(digest).toBe(sha256("|drop|1|1000|stocked|shoe||||1|||||1|0|0|"))
  expect(factDigest({ ...fact!, hash: "other" } as Fact, sha256)).toBe(digest)
  for (const change of [{ seq: 2 }, { at: 1 }, { quantity: 2 }, { sold: 1 }, { reason: "x" }, { data: { a: 1 } }]) {
    expect(factDigest({ ...fact!, ...change }, sha256)).not.toBe(digest)
  }
})

test("however the facts are cut into pages, the seal as of a fact is the same", () => {
  const whole = sealPage(UNSEALED, facts, sha256)
  const first = sealPage(UNSEALED, facts.slice(0, 2), sha256)
  const second = sealPage(first.seal, facts.slice(2), sha256)
  expect(second).toMatchObject({ firstSeq: 3, lastSeq: 6, seal: whole.seal })
  expect([...first.digests, ...second.digests]).toEqual([...whole.digests])
})

test("a page is proven without its facts: from the seal before it and their digests, in their order", () => {
  const { digests, seal } = sealPage("before", facts, sha256)
  expect(sealAfter("before", digests, sha256)).toBe(seal)
  expect(sealAfter("other", digests, sha256)).not.toBe(seal)
  expect(sealAfter("before", digests.toReversed(), sha256)).not.toBe(seal)
})

test("a page comes back from its row as it was, with 32 bytes for each fact", () => {
  const page = sealPage(UNSEALED, facts, sha256)
  const digests = digestBytes(page)
  expect(digests).toHaveLength(6 * 32)
  expect(pageFrom({ first_seq: 1, last_seq: 6, seal: page.seal, digests })).toEqual(page)
})
