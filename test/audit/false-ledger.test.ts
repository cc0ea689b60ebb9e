import { beforeEach, expect, test } from "bun:test"
import { auditEvidence, broken, expectCaught } from "./audit-evidence.ts"
import { type Evidence, SimulatedSale } from "./simulated-sale.ts"

let evidence: Evidence

beforeEach(async () => {
  const simulated = await SimulatedSale.open()
  for (const customer of ["ann", "bob", "cyd"]) await simulated.buy([{ customer, key: `${customer}-1` }])
  evidence = await simulated.evidence()
})

test.each(["free", "sold", "held", "total"] as const)("a sale whose %s is off by one breaks I9", async counter => {
  evidence.sale.items[0]![counter] += 1
  const report = await auditEvidence(evidence)
  expect(broken(report)).toEqual(["I9"])
  expectCaught(report, "I9", /at fact 5 the sale says .* shoe, but the facts say 7 free \+ 0 held \+ 3 sold of 10/)
})

test("a sale whose terms differ from the journal breaks I9", async () => {
  evidence.sale.limitPerCustomer = 2
  expectCaught(await auditEvidence(evidence), "I9", /the sale says limitPerCustomer 2, but the facts say 1/)
})

test("an order missing from the ledger breaks I9", async () => {
  evidence.orders.splice(1, 1)
  expectCaught(await auditEvidence(evidence), "I9", /order A4-\d+ of bob \(fact 4\) is not in the ledger/)
})

test("a ledger order that no fact creates breaks I9", async () => {
  evidence.orders.push({ ...evidence.orders[2]!, id: "A5-ZZZZ" })
  expectCaught(await auditEvidence(evidence), "I9", /order A5-ZZZZ of cyd is in the ledger, but no fact creates it/)
})

test("an order listed twice in the ledger breaks I9", async () => {
  evidence.orders.splice(1, 0, evidence.orders[1]!)
  expectCaught(await auditEvidence(evidence), "I9", /order A4-\d+ is in the ledger twice/)
})

test.each([
  ["customerId", "mallory", /customer mallory, but the facts say bob/],
  ["quantity", 2, /quantity 2, but the facts say 1/],
  ["sku", "sock", /sku sock, but the facts say shoe/],
  ["state", "released", /says released, but fact 4 says confirmed/],
  ["seq", 3, /says fact 3, but its last fact is 4/],
  ["unitPrice", { amount: 1, currency: "IDR" }, /price 1, but the facts say 100/],
  ["createdAt", "2026-01-02T19:00:01Z", /createdAt/],
])("a ledger order with a wrong %s breaks I9", async (field, value, words) => {
  evidence.orders[1] = { ...evidence.orders[1]!, [field]: value }
  const report = await auditEvidence(evidence)
  expect(broken(report)).toEqual(["I9"])
  expectCaught(report, "I9", words)
})
