import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { HistoryLine } from "../../src/audit/history.ts"
import { attack } from "../../src/cli/attack/attack.ts"
import type { AttackProgress } from "../../src/cli/attack/observer.ts"
import type { AttackOptions } from "../../src/cli/attack/options.ts"
import type { AttackReport } from "../../src/cli/attack/report/attack-report.ts"
import { HistoryFile } from "../../src/cli/audit/history-file.ts"
import { CliError } from "../../src/cli/cli-error.ts"
import { SESSION_SECRET } from "./system.ts"

/** One attack lasts this long; then the next one begins, until `stop`. */
const WAVE_MS = 1_000
/** The most tries of attacks that cannot begin because the system is down. */
const TRIES_MAX = 600
const TRY_EVERY_MS = 50

export interface CrowdOptions extends Partial<AttackOptions> {
  /** Purchases a second, each by another customer. */
  rate: number
}

/**
 * Buyers at a steady rate. Each buys once and repeats the request under the same key until it is answered. All
 * requests and answers are recorded.
 */
export class Crowd {
  readonly reports: AttackReport[] = []
  /** Violations that the bots themselves saw. */
  readonly faults: string[] = []
  readonly #folder = mkdtempSync(join(tmpdir(), "doorbuster-crowd-"))
  readonly #done: Promise<void>
  #isStopped = false
  #answered = 0
  #progress: (() => AttackProgress) | undefined

  constructor(
    private readonly url: string,
    private readonly sale: string,
    private readonly options: CrowdOptions,
  ) {
    this.#done = this.#run()
  }

  /** Buyers with an answer so far. */
  get answered(): number {
    return this.#answered + (this.#progress?.().counters.settled ?? 0)
  }

  /** Sends no more buyers. Resolves when all requests are answered. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#done
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#isStopped) {
      try {
        this.reports.push(await this.#wave())
      } catch (error) {
        if (!(error instanceof CliError) || ++failures > TRIES_MAX) throw error
        await Bun.sleep(TRY_EVERY_MS)
      }
    }
  }

  async #wave(): Promise<AttackReport> {
    const { rate } = this.options
    const settings = {
      url: this.url,
      sale: this.sale,
      secret: SESSION_SECRET,
      buyers: rate,
      durationMs: WAVE_MS,
      concurrency: 100,
      patienceMs: 60_000,
      history: this.#file(this.reports.length),
      ...this.options,
    }
    const report = await attack(settings, {
      started: progress => {
        this.#progress = progress
      },
      fault: sentence => this.faults.push(sentence),
    })
    this.#answered = this.answered
    this.#progress = undefined
    return report
  }

  #file(wave: number): string {
    return join(this.#folder, `${wave}.jsonl`)
  }

  /** The history of all waves as one. */
  async *history(): AsyncGenerator<HistoryLine> {
    let earlier = 0
    for (const wave of this.reports.keys()) {
      let last = 0
      for await (const line of new HistoryFile(this.#file(wave)).lines()) {
        last = Math.max(last, line.op)
        yield { ...line, op: earlier + line.op }
      }
      earlier += last
    }
  }

  deleteHistory(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
