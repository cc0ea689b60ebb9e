import { writeFileSync } from "node:fs"
import type { Command } from "commander"
import { CliError } from "../cli-error.ts"
import { attack } from "./attack.ts"
import type { AttackFlags } from "./command.ts"
import type { AttackObserver, AttackProgress } from "./observer.ts"
import { attackPage } from "./report/page.ts"
import { summary, verdict } from "./report/summary.ts"
import { ProgressView } from "./report/view.ts"

/** The command: the bots, a view of them, and a verdict. */
export async function runAttack(flags: AttackFlags, command: Command): Promise<void> {
  const screen = process.stdout
  const view = new ProgressView(screen)
  const remarks: string[] = []
  const faults: string[] = []
  const observer: AttackObserver = {
    started(begun) {
      progress = begun
      view.start(begun)
    },
    remark: sentence => remarks.push(sentence),
    fault: sentence => faults.push(sentence),
  }
  const startedAt = new Date()
  let progress: (() => AttackProgress) | undefined
  try {
    const report = await untilInterrupted(signal => attack(optionsOf(flags, signal), observer))
    view.stop()
    screen.write(`\n${summary(report).join("\n")}\n\n`)
    for (const remark of remarks) screen.write(`${remark}\n`)
    screen.write(`${verdict(report, faults, screen)}\n`)
    if (flags.json !== undefined) writeReport(flags.json, `${JSON.stringify(report, null, 2)}\n`)
    if (flags.report !== undefined) {
      const { counters: tally, sale } = progress!()
      const story = { report, timeline: tally.timeline, sale, url: flags.url, startedAt, faults, remarks }
      writeReport(flags.report, attackPage(story))
    }
    if (!report.ok) process.exitCode = 1
  } catch (error) {
    view.stop()
    if (error instanceof CliError) command.error(error.message)
    throw error
  }
}

function optionsOf(flags: AttackFlags, signal: AbortSignal): Parameters<typeof attack>[0] {
  const { iOwnThisSystem, duration, timeout, patience, json: _, report: __, ...same } = flags
  return {
    ...same,
    ownSystem: iOwnThisSystem ?? false,
    durationMs: duration === undefined ? undefined : duration * 1000,
    timeoutMs: timeout * 1000,
    patienceMs: patience * 1000,
    signal,
  }
}

/** The first Ctrl-C ends the attack early, with a report; the second one ends the program. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController()
  const stop = (): void => interrupt.abort()
  process.once("SIGINT", stop).once("SIGTERM", stop)
  try {
    return await work(interrupt.signal)
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop)
  }
}

export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${error instanceof Error ? error.message : error}.`)
  }
}
