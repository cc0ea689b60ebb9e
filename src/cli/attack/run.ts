import { writeFileSync } from "node:fs"
import type { Command } from "commander"
import { CliError, messageOf, reportErrors } from "../cli-error.ts"
import { type Interrupt, untilInterrupted } from "../interrupt.ts"
import { attack } from "./attack.ts"
import type { AttackObserver, AttackProgress } from "./observer.ts"
import type { PartialOptions } from "./options.ts"
import { parsePersonas, personaSummary, runPersonas } from "./personas/run-personas.ts"
import { attackPage } from "./report/page.ts"
import { summary, verdict } from "./report/summary.ts"
import { ProgressView } from "./report/view.ts"

const PERSONA_RATE = 100
const PERSONA_SECONDS = 10

/** The command line as commander parses it. */
export interface AttackFlags {
  url: string
  sale?: string
  sku?: string
  quantity: number
  buyers: number
  concurrency: number
  requestsPerBuyer: number
  rate?: number
  duration?: number
  timeout: number
  patience: number
  secret?: string
  tokenSource?: string
  customerSecret?: string
  history?: string
  json?: string
  report?: string
  persona?: string
  operatorsUrl?: string
  adminToken?: string
  iOwnThisSystem?: true
}

/** `doorbuster attack`: the bots, a view of their progress, and a verdict. */
export async function runAttack(flags: AttackFlags, command: Command): Promise<void> {
  const run = flags.persona === undefined ? attackAndReport : attackAsPersonas
  await reportErrors(command, () => untilInterrupted(interrupt => run(flags, interrupt)))
}

async function attackAsPersonas(flags: AttackFlags, { signal }: Interrupt): Promise<void> {
  const screen = process.stdout
  const { url, operatorsUrl, sale, sku, adminToken, iOwnThisSystem = false, json } = flags
  const { rate = PERSONA_RATE, duration = PERSONA_SECONDS, timeout } = flags
  const personas = parsePersonas(flags.persona ?? "all")
  screen.write(`${personas.join(", ")}: honest buyers for ${duration} s, then the attack for ${duration} s.\n`)
  const times = { durationMs: duration * 1000, timeoutMs: timeout * 1000 }
  const options = {
    url,
    operatorsUrl,
    sale,
    sku,
    adminToken,
    personas,
    rate,
    ownSystem: iOwnThisSystem,
    ...times,
    signal,
  }
  const report = await runPersonas(options)
  screen.write(`\n${personaSummary(report, screen).join("\n")}\n`)
  if (json !== undefined) writeReport(json, `${JSON.stringify(report, null, 2)}\n`)
  if (!report.held) process.exitCode = 1
}

async function attackAndReport(flags: AttackFlags, { signal }: Interrupt): Promise<void> {
  const screen = process.stdout
  const view = new ProgressView(screen)
  const remarks: string[] = []
  const faults: string[] = []
  const startedAt = new Date()
  let progress: (() => AttackProgress) | undefined
  const observer: AttackObserver = {
    started(begun) {
      progress = begun
      view.start(begun)
    },
    remark: sentence => remarks.push(sentence),
    fault: sentence => faults.push(sentence),
  }
  signal.addEventListener("abort", () => view.stop("Stopping: waiting for the answers in flight."), { once: true })
  try {
    const report = await attack(optionsOf(flags, signal), observer)
    view.stop()
    screen.write(`\n${summary(report).join("\n")}\n\n`)
    for (const remark of remarks) screen.write(`${remark}\n`)
    screen.write(`${verdict(report, faults, screen)}\n`)
    if (flags.json !== undefined) writeReport(flags.json, `${JSON.stringify(report, null, 2)}\n`)
    if (flags.report !== undefined && progress) {
      const { counters, sale } = progress()
      const story = { report, timeline: counters.timeline, sale, url: flags.url, startedAt, faults, remarks }
      writeReport(flags.report, attackPage(story))
    }
    if (!report.ok) process.exitCode = 1
  } finally {
    view.stop()
  }
}

function optionsOf(flags: AttackFlags, signal: AbortSignal): PartialOptions {
  const { iOwnThisSystem = false, duration, timeout, patience } = flags
  return {
    ...flags,
    ownSystem: iOwnThisSystem,
    durationMs: duration === undefined ? undefined : duration * 1000,
    timeoutMs: timeout * 1000,
    patienceMs: patience * 1000,
    signal,
  }
}

/** Throws `CliError` when the file cannot be written. */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${messageOf(error)}.`)
  }
}
