import type { Report } from "../../audit/audit.ts"
import { counted } from "../../audit/check.ts"
import { paint, type Screen } from "../terminal.ts"

/** One sale's report. */
export interface SaleAudit extends Report {
  sale: string
}

type CheckResult = Report["checks"][number]

/** The report of all sales together: a check holds if it holds in each of them. */
export function mergeAudits(reports: readonly SaleAudit[]): Report {
  const names = [...new Set(reports.flatMap(({ checks }) => checks.map(({ name }) => name)))]
  const totals = { total: 0, free: 0, held: 0, sold: 0, orders: 0 }
  for (const report of reports) {
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += report.totals[name]
  }
  return {
    ok: reports.every(report => report.ok),
    checks: names.map(name => mergedCheck(name, reports)),
    totals,
    violations: reports.flatMap(({ sale, violations }) => violations.map(line => `${sale}: ${line}`)),
  }
}

function mergedCheck(name: string, reports: readonly SaleAudit[]): CheckResult {
  const all = reports.flatMap(({ sale, checks }) =>
    checks.filter(one => one.name === name).map(check => ({ sale, check })),
  )
  const failed = all.filter(({ check }) => !check.ok)
  const told = failed.length > 0 ? failed : all
  const detail =
    all.length === 1 ? all[0]!.check.detail : told.map(({ sale, check }) => `${sale}: ${check.detail}`).join("; ")
  const skipped = all.every(({ check }) => check.skipped)
  return { name, ok: failed.length === 0, detail, ...(skipped && { skipped: true as const }) }
}

/** The sale's totals, a line for each check, and a line for each violation. */
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

export function verdict({ ok, checks, violations }: Report, screen: Screen): string {
  if (!ok) return paint(screen, "red", `✗ ${counted(violations.length, "violation")}: a promise is broken.`)
  const skipped = checks.filter(check => check.skipped).length
  const unsaid = skipped > 0 ? ` ${skipped} could not be checked, as said above.` : ""
  return `${paint(screen, "green", `✓ ${checks.length - skipped} promises kept.`)}${unsaid}`
}

function mark({ ok, skipped }: CheckResult, screen: Screen): string {
  if (skipped) return paint(screen, "gray", "–")
  return ok ? paint(screen, "green", "✓") : paint(screen, "red", "✗")
}
