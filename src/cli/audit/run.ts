import type { Command } from "commander"
import type { Report } from "../../audit/audit.ts"
import { auditSale } from "../../audit/audit-sale.ts"
import { HistoryError } from "../../audit/history.ts"
import { AdminClient } from "../admin-client.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import type { AuditFlags } from "./command.ts"
import { HistoryFile } from "./history-file.ts"
import { mergeAudits, reportLines, type SaleAudit, verdict } from "./report.ts"
import { type AuditSources, chosenIds, httpSources } from "./sources.ts"

/** The command: every chosen sale, one after the other. */
export async function runAudit(flags: AuditFlags, command: Command): Promise<void> {
  await reportErrors(command, async () => {
    if (flags.historyComplete && !flags.history) throw new CliError("--history-complete needs --history.")
    const sources = await open(flags)
    try {
      const reports = await auditAll(sources, flags)
      const all = mergeAudits(reports)
      if (flags.json) process.stdout.write(`${JSON.stringify({ ...all, sales: reports }, null, 2)}\n`)
      else print(reports, all)
      if (!all.ok) process.exitCode = 1
    } finally {
      sources.close()
    }
  })
}

async function open(flags: AuditFlags): Promise<AuditSources> {
  if (flags.data === undefined) return httpSources(new AdminClient(flags))
  const { fileSources } = await import("./file-sources.ts")
  return fileSources(flags.data)
}

async function auditAll(sources: AuditSources, flags: AuditFlags): Promise<SaleAudit[]> {
  const history = flags.history === undefined ? undefined : new HistoryFile(flags.history)
  const ids = await chosenIds(sources, flags.sale)
  // A history that does not name a sale says nothing about it, unless that very sale was asked for.
  const named = flags.sale === undefined ? await history?.sales() : new Set(ids)
  const reports: SaleAudit[] = []
  for (const id of ids) {
    const evidence = named?.has(id) ? history : undefined
    reports.push({ sale: id, ...(await auditOne(sources, id, evidence, flags.historyComplete ?? false)) })
  }
  return reports
}

export async function auditOne(
  sources: AuditSources,
  saleId: string,
  history: HistoryFile | undefined,
  isComplete: boolean,
): Promise<Report> {
  try {
    return await auditSale(sources.of(saleId), history && { lines: history.lines(), isComplete })
  } catch (error) {
    throw error instanceof HistoryError ? new CliError(error.message) : error
  }
}

function print(reports: SaleAudit[], all: Report): void {
  const lines = reports.flatMap(report => [...reportLines(report, process.stdout), ""])
  process.stdout.write(`${[...lines, verdict(all, process.stdout)].join("\n")}\n`)
}
