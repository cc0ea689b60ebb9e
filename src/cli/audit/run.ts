import type { Command } from "commander"
import type { AuditResult } from "../../audit/audit.ts"
import { auditSale } from "../../audit/audit-sale.ts"
import type { PublishedHead } from "../../audit/chain-check.ts"
import { HistoryError } from "../../audit/history.ts"
import { AdminClient } from "../admin-client.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import type { AdminFlags } from "../options.ts"
import { HistoryFile } from "./history-file.ts"
import { mergeAudits, reportLines, type SaleAudit, verdict } from "./report.ts"
import { type AuditSources, chosenIds, httpSources } from "./sources.ts"

export interface AuditFlags extends AdminFlags {
  sale?: string
  history?: string
  historyComplete?: true
  data?: string
  json?: true
  head?: string
}

/** `doorbuster audit`: audits the chosen sales one after the other. */
export async function runAudit(flags: AuditFlags, command: Command): Promise<void> {
  await reportErrors(command, async () => {
    if (flags.historyComplete && !flags.history) throw new CliError("--history-complete needs --history.")
    if (flags.head !== undefined && flags.sale === undefined) throw new CliError("--head needs --sale.")
    const published = flags.head === undefined ? undefined : headOf(flags.head)
    const sources = await openSources(flags)
    try {
      const audits = await auditAll(sources, flags, published)
      const all = mergeAudits(audits)
      if (flags.json) process.stdout.write(`${JSON.stringify({ ...all, sales: audits }, null, 2)}\n`)
      else print(audits, all)
      if (!all.ok) process.exitCode = 1
    } finally {
      sources.close()
    }
  })
}

async function openSources(flags: AuditFlags): Promise<AuditSources> {
  if (flags.data === undefined) return httpSources(new AdminClient(flags))
  const { fileSources } = await import("./file-sources.ts")
  return fileSources(flags.data)
}

async function auditAll(
  sources: AuditSources,
  flags: AuditFlags,
  published: PublishedHead | undefined,
): Promise<SaleAudit[]> {
  const history = flags.history === undefined ? undefined : new HistoryFile(flags.history)
  const ids = await chosenIds(sources, flags.sale)
  // A history without requests to a sale is no evidence about it, unless --sale names that very sale.
  const covered = flags.sale === undefined ? await history?.sales() : new Set(ids)
  const audits: SaleAudit[] = []
  for (const id of ids) {
    const evidence = covered?.has(id) ? history : undefined
    audits.push({ sale: id, ...(await auditOne(sources, id, evidence, flags.historyComplete ?? false, published)) })
  }
  return audits
}

/** Throws `CliError` when the history contradicts itself. */
export async function auditOne(
  sources: AuditSources,
  saleId: string,
  history: HistoryFile | undefined,
  isComplete: boolean,
  published?: PublishedHead,
): Promise<AuditResult> {
  try {
    return await auditSale(sources.of(saleId), history && { lines: history.lines(), isComplete }, published)
  } catch (error) {
    throw error instanceof HistoryError ? new CliError(error.message) : error
  }
}

/** A head as the proof page shows it: the number of a fact and the seal there. Earlier releases showed its SHA-1 hash. */
function headOf(text: string): PublishedHead {
  const [, seq, hash] = /^([1-9][0-9]{0,14}):([0-9a-f]{64}|[0-9a-f]{40})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined)
    throw new CliError("--head must be SEQ:HASH, as the proof page shows it.")
  return { seq: Number(seq), hash }
}

function print(audits: SaleAudit[], all: AuditResult): void {
  const lines = audits.flatMap(audit => [...reportLines(audit, process.stdout), ""])
  process.stdout.write(`${[...lines, verdict(all, process.stdout)].join("\n")}\n`)
}
