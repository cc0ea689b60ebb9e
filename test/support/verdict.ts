import { expect } from "bun:test"
import type { AuditResult } from "../../src/audit/audit.ts"
import { type AuditSource, auditSale } from "../../src/audit/audit-sale.ts"
import type { HistoryLine } from "../../src/audit/history.ts"
import type { Crowd } from "./crowd.ts"

/** The final answers that a buyer may get. No other one answers "do I have it?". */
const DEFINITE = ["sold_out", "all_held", "limit_reached", "released"]

export interface Verdict {
  /** Buyers with a definite answer. */
  answered: number
  won: number
  /** Requests whose answer was lost or unknown, each resolved by a repeat under the same key. */
  healed: number
  audit: AuditResult
}

/** Expects that nothing is lost, sold twice or leaked, and that every buyer has an answer. */
export async function expectAllWell(crowd: Crowd, source: AuditSource): Promise<Verdict> {
  await crowd.stop()
  const audit = await auditSale(source, { lines: crowd.history(), isComplete: true })
  expect(audit.violations).toEqual([])
  expect(audit.ok).toBe(true)
  expect(audit.checks.filter(check => check.skipped)).toEqual([])
  const { waiting, answered, healed } = await heard(crowd.history())
  expect(waiting).toEqual([])
  const { reports } = crowd
  // Bots do not know that a hold was released; the audit does.
  expect(crowd.faults.filter(fault => !fault.startsWith("The bots won"))).toEqual([])
  expect(reports.filter(report => report.unknown > 0)).toEqual([])
  const refusals = new Set(reports.flatMap(({ refused }) => Object.keys(refused)))
  expect([...refusals].filter(code => !DEFINITE.includes(code))).toEqual([])
  const won = reports.reduce((sum, { confirmed, held }) => sum + confirmed + held, 0)
  expect(answered).toBeGreaterThan(0)
  return { answered, won, healed, audit }
}

/** By the record alone: which keys never got a definite answer. */
async function heard(history: AsyncIterable<HistoryLine>) {
  const keyOf = new Map<number, string>()
  const waiting = new Set<string>()
  let answered = 0
  let healed = 0
  for await (const line of history) {
    if (line.type === "invoke") {
      const key = `${line.customer} ${line.key}`
      keyOf.set(line.op, key)
      waiting.add(key)
      continue
    }
    const definite = line.type === "ok" || (line.type === "fail" && DEFINITE.includes(line.code ?? ""))
    if (line.type === "info") healed++
    if (definite && waiting.delete(keyOf.get(line.op)!)) answered++
  }
  return { waiting: [...waiting], answered, healed }
}
