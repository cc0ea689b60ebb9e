import { expect, test } from "bun:test"
import { auditEvidence } from "./audit-evidence.ts"
import { correctSale } from "./correct-sale.ts"

test("150 correct sales pass every check", async () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= 150; seed++) {
    const evidence = await correctSale(seed)
    for (const { kind, reason } of evidence.facts) seen.add(reason ?? kind)
    for (const line of evidence.history) if (line.type === "fail") seen.add(line.code!)
    const report = await auditEvidence(evidence)
    expect({ seed, violations: report.violations }).toEqual({ seed, violations: [] })
    expect(report.ok).toBe(true)
  }
  // The generator must produce all of these, or the test would prove nothing about them.
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...["created", "amended", "paused", "resumed", "stocked", "held", "confirmed"],
      ...["cancelled", "payment_failed", "expired"],
      ...["limit_reached", "all_held", "sold_out", "sale_paused", "overloaded"],
    ]),
  )
}, 60_000)

test("free, held and sold add up to the total", async () => {
  const { totals } = await auditEvidence(await correctSale(4))
  expect(totals.free + totals.held + totals.sold).toBe(totals.total)
})
