import { counted, integer, milliseconds, percent, shares } from "../../format.ts"
import { columns, paint, type Screen } from "../../terminal.ts"
import type { AttackReport } from "./attack-report.ts"

/** The report as a table for the terminal. */
export function summary(report: AttackReport): string[] {
  return columns(summaryRows(report))
}

export function summaryRows(report: AttackReport): [name: string, value: string][] {
  const { p50, p90, p99, max } = report.latencyMs
  const { total, free, held, sold } = report.stock
  const refusals = Object.entries(report.refused).map(([code, number]) => `${code} ${integer(number)}`)
  const nodes = shares(Object.entries(report.nodes)).map(([node, share]) => `${node} ${percent(share)}`)
  return [
    ["buyers", integer(report.buyers)],
    ["requests", `${integer(report.requests)} in ${report.seconds.toFixed(2)} s, ${integer(report.rate)} per second`],
    ["won", `${counted(report.confirmed, "order")} confirmed, ${integer(report.held)} held`],
    ["refused", `${integer(refused(report))}${refusals.length > 0 ? ` (${refusals.join(", ")})` : ""}`],
    ["unknown", integer(report.unknown)],
    ["errors", integer(report.errors)],
    [
      "latency",
      `p50 ${milliseconds(p50)}, p90 ${milliseconds(p90)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`,
    ],
    ["nodes", nodes.join(", ") || "no answer named one"],
    ["stock", `${integer(total)} = ${integer(free)} free + ${integer(held)} held + ${integer(sold)} sold`],
  ]
}

/** One sentence when every promise was kept; otherwise one line per fault. */
export function verdict(report: AttackReport, faults: readonly string[], screen: Screen): string {
  if (!report.ok) return ["NOT OK.", ...faults].map(line => paint(screen, "red", line)).join("\n")
  const { total, held, sold } = report.stock
  const won = report.confirmed + report.held
  const parts = [
    "the stock adds up",
    `${integer(held + sold)} of ${counted(total, "unit")} sold or held`,
    won > 0 ? `${counted(won, "order")} won here, none given twice` : "no order won here",
    `${integer(refused(report))} refused`,
  ]
  if (report.unknown > 0) parts.push(`${integer(report.unknown)} still unknown`)
  return paint(screen, "green", `OK: ${parts.join("; ")}.`)
}

export function refused(report: AttackReport): number {
  return Object.values(report.refused).reduce((sum, number) => sum + number, 0)
}
