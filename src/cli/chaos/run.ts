import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Command } from "commander"
import { AdminClient } from "../admin-client.ts"
import { attack } from "../attack/attack.ts"
import type { AttackProgress } from "../attack/observer.ts"
import type { AttackReport } from "../attack/report/attack-report.ts"
import type { ResultTimeline } from "../attack/report/timeline.ts"
import { writeReport } from "../attack/run.ts"
import { HistoryFile } from "../audit/history-file.ts"
import { reportLines, verdict } from "../audit/report.ts"
import { auditOne } from "../audit/run.ts"
import { httpSources } from "../audit/sources.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import { paint } from "../terminal.ts"
import type { ChaosFlags } from "./command.ts"
import { chaosPage } from "./page.ts"
import { ReplicaKiller, timeOfDay } from "./replica-killer.ts"

/** The load goes on for this long after the last kill. */
const CALM_MS = 1_500

const NO_DRILLS =
  "Nothing can be killed from here: chaos is for the embedded system (npm start), npm run demo:chaos for the stack."

/** The command: a practice sale, bots, kills, and the audit of what came of it. */
export async function runChaos(flags: ChaosFlags, command: Command): Promise<void> {
  await reportErrors(command, async () => {
    const client = new AdminClient(flags)
    if (!(await client.hasDrills())) throw new CliError(NO_DRILLS)
    const nodes = await client.nodes()
    if (nodes.length < 2) say(`Only ${nodes.length} replica runs: buyers will wait while it is replaced.`)
    const folder = mkdtempSync(join(tmpdir(), "doorbuster-chaos-"))
    const history = flags.history ?? join(folder, "history.jsonl")
    const sale = await practiceSale(client, flags.units)
    let ok = true
    try {
      ok = await drill(flags, client, sale, history)
    } finally {
      await client.steer(sale, "close").catch(() => say(`The practice sale ${sale} could not be closed.`))
      if (ok || flags.history !== undefined) rmSync(folder, { recursive: true })
      else say(`The history of every request is kept in ${history}`)
    }
    if (!ok) process.exitCode = 1
  })
}

async function drill(flags: ChaosFlags, client: AdminClient, sale: string, history: string): Promise<boolean> {
  const faults: string[] = []
  const nemesis = new ReplicaKiller(client)
  const startedAt = new Date()
  const begun = performance.now()
  let timeline: ResultTimeline | undefined
  const report = await fight(flags, nemesis, sale, history, faults, progress => {
    timeline = progress().counters.timeline
  })
  for (const line of summary(report, nemesis)) say(line)
  const audit = await auditOne(httpSources(client), sale, new HistoryFile(history), true)
  say("")
  for (const line of reportLines({ ...audit, sale }, process.stdout)) say(line)
  faults.push(...failings(flags, report, nemesis, audit.totals.free))
  for (const fault of faults) say(paint(process.stdout, "red", `✗ ${fault}`))
  say(`\n${verdict(audit, process.stdout)}`)
  const ok = audit.ok && report.ok && faults.length === 0
  if (flags.report !== undefined && timeline) {
    const story = { report, timeline, sale, url: flags.url, startedAt, faults, remarks: [] }
    writeReport(flags.report, chaosPage({ ...story, begun, kills: nemesis.kills, audit, ok }))
  }
  return ok
}

async function fight(
  flags: ChaosFlags,
  nemesis: ReplicaKiller,
  sale: string,
  history: string,
  faults: string[],
  onStart: (progress: () => AttackProgress) => void,
): Promise<AttackReport> {
  const { url, buyers, concurrency, secret, kills, every, iOwnThisSystem: ownSystem } = flags
  const stop = new AbortController()
  const halt = () => stop.abort()
  process.once("SIGINT", halt).once("SIGTERM", halt)
  let killing: Promise<void> = Promise.resolve()
  let refusal: unknown
  const drill = { kills, everyMs: every, signal: stop.signal, say }
  const started = (progress: () => AttackProgress) => {
    onStart(progress)
    say(`${timeOfDay()} ${buyers} bots begin on sale ${sale}`)
    killing = nemesis.run(drill).catch(error => {
      refusal = error
      stop.abort()
    })
  }
  const rate = buyers / ((kills * every + CALM_MS) / 1000)
  const options = { url, sale, buyers, concurrency, rate, secret, history, ownSystem, signal: stop.signal }
  try {
    const report = await attack(options, { started, fault: sentence => faults.push(sentence) })
    await killing
    if (refusal) throw refusal
    return report
  } finally {
    stop.abort()
    process.off("SIGINT", halt).off("SIGTERM", halt)
  }
}

async function practiceSale(client: AdminClient, units: number): Promise<string> {
  const id = `practice-${Date.now().toString(36)}`
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
  return id
}

function summary(
  { requests, confirmed, refused, unknown, errors, latencyMs }: AttackReport,
  nemesis: ReplicaKiller,
): string[] {
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0)
  const healed = errors > 0 ? `; ${errors} answers were lost on the way, all asked for again` : ""
  const slowest = Math.max(0, ...nemesis.backMs) / 1000
  return [
    `${timeOfDay()} done: ${requests} requests, ${confirmed} sold, ${refusals} refused, ${unknown} unknown${healed}`,
    `${nemesis.killed} kills, ${nemesis.backMs.length} replicas back, the slowest after ${slowest.toFixed(2)} s; p99 ${latencyMs.p99} ms`,
  ]
}

/** What the audit cannot know: a replica that stayed away, kills that did not happen, a buyer who went without. */
function failings(
  { units, buyers, kills }: ChaosFlags,
  report: AttackReport,
  nemesis: ReplicaKiller,
  free: number,
): string[] {
  const found: string[] = []
  if (nemesis.backMs.length < nemesis.killed)
    found.push(`${nemesis.killed - nemesis.backMs.length} replicas did not come back.`)
  if (nemesis.killed < kills) found.push(`Only ${nemesis.killed} of ${kills} kills took place.`)
  const left = Math.max(0, units - buyers)
  if (report.unknown === 0 && free > left) found.push(`${free - left} units stayed unsold although buyers wanted them.`)
  return found
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
