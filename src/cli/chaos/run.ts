import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Command } from "commander"
import { systemTime } from "../../runtime/time.ts"
import { AdminClient } from "../admin-client.ts"
import { attack } from "../attack/attack.ts"
import type { AttackProgress } from "../attack/observer.ts"
import type { AttackReport } from "../attack/report/attack-report.ts"
import { refused } from "../attack/report/summary.ts"
import { writeReport } from "../attack/run.ts"
import { HistoryFile } from "../audit/history-file.ts"
import { reportLines, verdict } from "../audit/report.ts"
import { auditOne } from "../audit/run.ts"
import { httpSources } from "../audit/sources.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import { type Interrupt, untilInterrupted } from "../interrupt.ts"
import type { AdminFlags } from "../options.ts"
import { paint } from "../terminal.ts"
import { chaosPage } from "./page.ts"
import { ReplicaKiller, timeOfDay } from "./replica-killer.ts"

export interface ChaosFlags extends AdminFlags {
  units: number
  buyers: number
  concurrency: number
  kills: number
  every: number
  secret?: string
  history?: string
  report?: string
  iOwnThisSystem?: true
}

/** The load continues for this long after the last kill. */
const CALM_MS = 1_500

const NO_DRILLS =
  "Nothing can be killed here: use chaos with the embedded system (npm start), and npm run demo:chaos with the stack."

/** One drill: what it needs and what it has seen. */
interface Drill {
  flags: ChaosFlags
  client: AdminClient
  killer: ReplicaKiller
  /** The id of the practice sale. */
  sale: string
  /** The file with the history of every request. */
  history: string
  signal: AbortSignal
  faults: string[]
  progress?: () => AttackProgress
}

/** `doorbuster chaos`: creates a practice sale, lets bots buy, kills replicas, and audits the result. */
export async function runChaos(flags: ChaosFlags, command: Command): Promise<void> {
  await reportErrors(command, () => untilInterrupted(interrupt => practice(flags, interrupt)))
}

async function practice(flags: ChaosFlags, interrupt: Interrupt): Promise<void> {
  const client = new AdminClient(flags)
  if (!(await client.hasDrills())) throw new CliError(NO_DRILLS)
  const nodes = await client.nodes()
  if (nodes.length < 2) say(`Only ${nodes.length} replica runs: buyers will wait while it is replaced.`)
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-chaos-"))
  const history = flags.history ?? join(folder, "history.jsonl")
  const { signal } = interrupt
  if (signal.aborted) return say("Stopped before it began.")
  signal.addEventListener("abort", () => say("Stopping: no more kills, no more bots; the audit follows."), {
    once: true,
  })
  const sale = `practice-${systemTime.now().toString(36)}`
  const created = createPracticeSale(client, sale, flags.units)
  const close = async (): Promise<void> => {
    // Without this wait a sale that is just being created would stay open.
    await created.catch(() => {})
    await closeSale(client, sale)
  }
  interrupt.cleanup = () => {
    say(`Ending at once: the practice sale ${sale} is closed without an audit.`)
    return close()
  }
  await created
  let ok = true
  try {
    ok = await drill({ flags, client, killer: new ReplicaKiller(client), sale, history, signal, faults: [] })
  } finally {
    await close()
    if (ok || flags.history !== undefined) rmSync(folder, { recursive: true })
    else say(`The history of every request is kept in ${history}`)
  }
  if (!ok) process.exitCode = 1
}

async function drill(it: Drill): Promise<boolean> {
  const { flags, client, killer, sale, history, faults } = it
  const startedAt = new Date()
  const begun = systemTime.monotonic()
  const report = await attackWhileKilling(it)
  for (const line of summary(report, killer)) say(line)
  const audit = await auditOne(httpSources(client), sale, new HistoryFile(history), true)
  say("")
  for (const line of reportLines({ ...audit, sale }, process.stdout)) say(line)
  faults.push(...shortfalls(it, report, audit.totals.free))
  for (const fault of faults) say(paint(process.stdout, "red", `✗ ${fault}`))
  say(`\n${verdict(audit, process.stdout)}`)
  const ok = audit.ok && report.ok && faults.length === 0
  if (flags.report !== undefined && it.progress) {
    const { timeline } = it.progress().counters
    const story = { report, timeline, sale, url: flags.url, startedAt, faults, remarks: [] }
    writeReport(flags.report, chaosPage({ ...story, begun, kills: killer.kills, audit, ok }))
  }
  return ok
}

async function attackWhileKilling(it: Drill): Promise<AttackReport> {
  const { flags, killer, sale, history, faults } = it
  const { url, buyers, concurrency, secret, kills, every, iOwnThisSystem: ownSystem } = flags
  const failed = new AbortController()
  const signal = AbortSignal.any([it.signal, failed.signal])
  let killing: Promise<void> = Promise.resolve()
  let failure: unknown
  const started = (progress: () => AttackProgress) => {
    it.progress = progress
    say(`${timeOfDay()} ${buyers} bots begin to buy in sale ${sale}`)
    killing = killer.run({ kills, everyMs: every, signal, say }).catch(error => {
      failure = error
      failed.abort()
    })
  }
  const rate = buyers / ((kills * every + CALM_MS) / 1000)
  const options = { url, sale, buyers, concurrency, rate, secret, history, ownSystem, signal }
  try {
    const report = await attack(options, { started, fault: sentence => faults.push(sentence) })
    await killing
    if (failure) throw failure
    return report
  } finally {
    failed.abort()
  }
}

async function createPracticeSale(client: AdminClient, id: string, units: number): Promise<void> {
  const price = { amount: 100, currency: "USD" }
  await client.create({
    id,
    name: "Practice under fire",
    description: "Made by doorbuster chaos.",
    opensAt: new Date().toISOString(),
    checkout: "instant",
    limitPerCustomer: 1,
    items: [{ sku: "practice", name: "Practice", price, total: units }],
  })
}

async function closeSale(client: AdminClient, id: string): Promise<void> {
  await client.changeState(id, "close").catch(() => say(`The practice sale ${id} could not be closed.`))
}

function summary(report: AttackReport, { kills, backMs }: ReplicaKiller): string[] {
  const { requests, confirmed, unknown, errors, latencyMs } = report
  const lost = errors > 0 ? `; ${errors} answers were lost, and each request was repeated` : ""
  const slowest = Math.max(0, ...backMs) / 1000
  return [
    `${timeOfDay()} done: ${requests} requests, ${confirmed} sold, ${refused(report)} refused, ${unknown} unknown${lost}`,
    `${kills.length} kills, ${backMs.length} replicas back, the slowest after ${slowest.toFixed(2)} s; p99 ${latencyMs.p99} ms`,
  ]
}

/** Faults that the audit cannot see: replicas that did not come back, kills that did not happen, and units that nobody bought. */
function shortfalls({ flags, killer, signal }: Drill, report: AttackReport, free: number): string[] {
  const { kills, backMs } = killer
  const found: string[] = []
  if (backMs.length < kills.length) found.push(`${kills.length - backMs.length} replicas did not come back.`)
  // A drill that the user stopped early need not have killed a replica or sold every unit.
  if (signal.aborted) return found
  if (kills.length < flags.kills) found.push(`Only ${kills.length} of ${flags.kills} kills took place.`)
  const left = Math.max(0, flags.units - flags.buyers)
  if (report.unknown === 0 && free > left) found.push(`${free - left} units stayed unsold although buyers wanted them.`)
  return found
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
