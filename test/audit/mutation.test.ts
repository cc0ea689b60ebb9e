import { expect, test } from "bun:test"
import type { Fact } from "../../src/wire/wire.ts"
import { auditEvidence, rechain } from "./audit-evidence.ts"
import { correctSale, random } from "./correct-sale.ts"
import type { Evidence } from "./simulated-sale.ts"

const SALES = 12
const MUTATIONS_PER_SALE = 50

/** For every field of a fact, a wrong value. */
const OTHER: { [Field in keyof Fact]-?: (fact: Fact) => Fact[Field] } = {
  saleId: () => "other",
  seq: fact => fact.seq + 1,
  at: fact => fact.at + 1,
  kind: fact => (fact.kind === "released" ? "confirmed" : "released"),
  sku: fact => (fact.sku === "shoe" ? "sock" : "shoe"),
  orderId: fact => `${fact.orderId?.slice(0, -4) ?? "A1-"}ZZZZ`,
  customerId: () => "mallory",
  key: () => "forged",
  quantity: fact => (fact.quantity ?? 0) + 1,
  unitPrice: () => ({ amount: 1, currency: "IDR" }),
  payBefore: fact => (fact.payBefore ?? fact.at) + 1,
  reason: fact => (fact.reason === "expired" ? "cancelled" : "expired"),
  free: fact => (fact.free ?? 0) + 1,
  held: fact => (fact.held ?? 0) + 1,
  sold: fact => (fact.sold ?? 0) - 1,
  terms: () => ({ limitPerCustomer: 1000 }),
  data: () => ({ note: "forged" }),
  hash: fact => fact.hash.replace(/.$/, last => (last === "0" ? "1" : "0")),
}

/** Fields that the tables, the history or other facts confirm, so that a change shows without the hashes. */
const SEEN_ELSEWHERE = ["sku", "orderId", "customerId", "key", "quantity", "unitPrice", "free", "held", "sold"] as const

type Mutation = (facts: Fact[], index: number, next: () => number) => string

const alterOneOf =
  (fields: readonly (keyof Fact)[]): Mutation =>
  (facts, index, next) => {
    const field = fields[Math.floor(next() * fields.length)]!
    facts[index] = { ...facts[index]!, [field]: OTHER[field](facts[index]!) }
    return `alter ${field} of`
  }

const remove: Mutation = (facts, index) => {
  facts.splice(index, 1)
  return "delete"
}

const repeat: Mutation = (facts, index) => {
  facts.splice(index, 0, facts[index]!)
  return "duplicate"
}

const swap: Mutation = (facts, index) => {
  const other = index === 0 ? 1 : index - 1
  const [one, two] = [facts[index]!, facts[other]!]
  facts[index] = two
  facts[other] = one
  return "swap"
}

/** Applies the mutations to facts that `eligible` accepts. Returns those that the audit did not notice. */
async function unnoticed(
  mutations: Mutation[],
  eligible: (fact: Fact) => boolean,
  finish: (evidence: Evidence) => Evidence,
): Promise<string[]> {
  const missed: string[] = []
  for (let seed = 1; seed <= SALES; seed++) {
    const original = await correctSale(seed, 30)
    const next = random(seed * 7919)
    const places = [...original.facts.keys()].filter(index => eligible(original.facts[index]!))
    for (let count = 0; count < MUTATIONS_PER_SALE; count++) {
      const facts = [...original.facts]
      const index = places[Math.floor(next() * places.length)]!
      const what = mutations[count % mutations.length]!(facts, index, next)
      const report = await auditEvidence(finish({ ...original, facts }))
      if (report.ok) missed.push(`seed ${seed}: ${what} fact ${index + 1} (${original.facts[index]!.kind})`)
    }
  }
  return missed
}

test("the audit notices each of 600 single changes to a journal", async () => {
  const mutations = [alterOneOf(Object.keys(OTHER) as (keyof Fact)[]), remove, repeat, swap]
  expect(
    await unnoticed(
      mutations,
      () => true,
      evidence => evidence,
    ),
  ).toEqual([])
}, 60_000)

test("the audit notices each of 600 changes to the facts of orders although every hash was recomputed", async () => {
  const mutations = [alterOneOf(SEEN_ELSEWHERE), remove, repeat]
  const isOrders = (fact: Fact) => fact.orderId !== undefined
  const forge = (evidence: Evidence): Evidence => {
    const facts = rechain(evidence.facts)
    return { ...evidence, facts, sale: { ...evidence.sale, hash: undefined } }
  }
  expect(await unnoticed(mutations, isOrders, forge)).toEqual([])
}, 60_000)
