import type { AuditResult } from "../../audit/audit.ts"
import { counted } from "../../audit/check.ts"
import { paint, type Screen } from "../terminal.ts"

/** The audit of one sale. */
export interface SaleAudit extends AuditResult {
  sale: string
}

type Check = AuditResult["checks"][number]

/** The audits of all sales as one. A check holds if it holds in each of them. */
export function mergeAudits(audits: readonly SaleAudit[]): AuditResult {
  const names = [...new Set(audits.flatMap(({ checks }) => checks.map(({ name }) => name)))]
  const totals = { total: 0, free: 0, held: 0, sold: 0, orders: 0 }
  for (const audit of audits) {
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += audit.totals[name]
  }
  return {
    ok: audits.every(audit => audit.ok),
    checks: names.map(name => mergeCheck(name, audits)),
    totals,
    violations: audits.flatMap(({ sale, violations }) => violations.map(line => `${sale}: ${line}`)),
  }
}

function mergeCheck(name: string, audits: readonly SaleAudit[]): Check {
  const all = audits.flatMap(({ sale, checks }) =>
    checks.filter(one => one.name === name).map(check => ({ sale, check })),
  )
  const failed = all.filter(({ check }) => !check.ok)
  const shown = failed.length > 0 ? failed : all
  const details = shown.map(({ sale, check }) => (all.length === 1 ? check.detail : `${sale}: ${check.detail}`))
  const skipped = all.every(({ check }) => check.skipped)
  return { name, ok: failed.length === 0, detail: details.join("; "), ...(skipped && { skipped: true as const }) }
}

/** The sale's totals, one line per check, and one line per violation. */
export function reportLines({ sale, totals, checks, violations }: SaleAudit, screen: Screen): string[] {
  const count = (value: number) => value.toLocaleString("en")
  const { total, free, held, sold, orders } = totals
  const sum = `${count(total)} units = ${count(free)} free + ${count(held)} held + ${count(sold)} sold`
  const width = Math.max(...checks.map(({ name }) => name.length))
  const table = checks.map(check => `  ${mark(check, screen)} ${check.name.padEnd(width)}  ${check.detail}`)
  const broken = violations.map(line => `  ${paint(screen, "red", line)}`)
  const head = `${paint(screen, "bold", sale)}  ${sum}, ${count(orders)} orders`
  return [head, ...table, ...(broken.length > 0 ? ["", ...broken] : [])]
}

/** The result in one sentence. */
export function verdict({ ok, checks, violations }: AuditResult, screen: Screen): string {
  if (!ok) return paint(screen, "red", `✗ ${counted(violations.length, "violation")}: a promise is broken.`)
  const skipped = checks.filter(check => check.skipped).length
  const note = skipped > 0 ? ` ${skipped} could not be checked; the reasons are above.` : ""
  return `${paint(screen, "green", `✓ ${checks.length - skipped} promises kept.`)}${note}`
}

function mark({ ok, skipped }: Check, screen: Screen): string {
  if (skipped) return paint(screen, "gray", "–")
  return ok ? paint(screen, "green", "✓") : paint(screen, "red", "✗")
}
