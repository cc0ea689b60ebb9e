import { expect } from "bun:test"
import { createHash } from "node:crypto"
import type { AuditResult } from "../../src/audit/audit.ts"
import { auditSale } from "../../src/audit/audit-sale.ts"
import type { Fact } from "../../src/wire/wire.ts"
import type { Evidence } from "./simulated-sale.ts"

const PAGE = 7

/** Audits evidence in memory, page by page as over HTTP. */
export async function auditEvidence({ sale, facts, orders, history }: Evidence, complete = true): Promise<AuditResult> {
  const position = (id: string) => Number(/\d+/.exec(id)![0])
  return auditSale(
    {
      sale: async () => sale,
      facts: async after => {
        const start = after === 0 ? 0 : facts.findIndex(fact => fact.seq === after) + 1
        const page = facts.slice(start, start + PAGE)
        return { facts: page, ...(start + PAGE < facts.length && { next: page.at(-1)!.seq }) }
      },
      orders: async after => {
        const rest = orders.filter(order => position(order.id) > after)
        const page = rest.slice(0, PAGE)
        return { orders: page, ...(rest.length > PAGE && { next: position(page.at(-1)!.id) }) }
      },
    },
    { lines: history, isComplete: complete },
  )
}

/** The codes of the checks that failed: `["I2", "I9"]`. */
export function broken(report: AuditResult): string[] {
  return report.checks.filter(check => !check.ok).map(check => check.name.split(" ")[0]!)
}

export function expectCaught(report: AuditResult, check: string, words: RegExp): void {
  expect(report.ok).toBe(false)
  expect(broken(report)).toContain(check)
  expect(report.violations.filter(line => line.startsWith(`${check} `)).join("\n")).toMatch(words)
}

/** Forges a journal: renumbers the facts and recomputes every hash. */
export function rechain(facts: Fact[]): Fact[] {
  let previous = ""
  return facts.map((fact, index) => {
    const { hash: _, ...rest } = { ...fact, seq: index + 1 }
    const { saleId, seq, at, kind, sku, orderId, customerId, key, quantity, unitPrice, payBefore, reason } = rest
    const money = [unitPrice?.amount, unitPrice?.currency, payBefore, reason]
    const end = [rest.free, rest.held, rest.sold, rest.terms && JSON.stringify(rest.terms)]
    if (rest.data !== undefined) throw new Error("rechain does not support facts with data.")
    const text = [previous, saleId, seq, at, kind, sku, orderId, customerId, key, quantity, ...money, ...end].join("|")
    previous = createHash("sha1").update(text).digest("hex")
    return { ...rest, hash: previous }
  })
}
