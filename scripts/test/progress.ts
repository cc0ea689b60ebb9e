import type { Job } from "./job.ts"
import { lastLine, sum } from "./output.ts"

const DRAW_EVERY_MS = 500

/** Tells how far the run is: on a terminal in one line that is drawn over, elsewhere by one line for each job. */
export class Progress {
  readonly #running = new Set<Job>()
  readonly #finished: Job[] = []
  readonly #isTerminal = process.stdout.isTTY === true
  #isStopped = false
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly files: number,
    private readonly jobs: readonly Job[],
  ) {}

  start(): void {
    if (this.#isTerminal) this.#timer = setInterval(() => this.#draw(), DRAW_EVERY_MS)
  }

  started(job: Job): void {
    this.#running.add(job)
  }

  finished(job: Job): void {
    this.#running.delete(job)
    this.#finished.push(job)
    const { counts, text } = job.output
    const line = `${job.name}: ${lastLine(counts)} in ${seconds(job.ms)}`
    if (counts.fail > 0) this.#print(`\n✗ ${line}\n${text.trim()}\n`)
    else if (!this.#isTerminal) this.#print(`✓ ${this.#share()} ${line}`)
    for (const thing of job.left) this.#print(`  ${job.name} left behind, and it was ended: ${thing}`)
  }

  isStopped(): boolean {
    return this.#isStopped
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
    this.#erase()
  }

  #share(): string {
    const done = this.#finished.reduce((total, { files }) => total + files.length, 0)
    return `${String(done).padStart(String(this.files).length)}/${this.files}`
  }

  #print(text: string): void {
    this.#erase()
    console.log(text)
  }

  #draw(): void {
    const counts = sum(this.jobs.map(({ output }) => output.counts))
    const now = [...this.#running].map(({ name, runningMs }) => `${name} ${seconds(runningMs)}`).join(", ")
    const line = `${this.#share()} files, ${lastLine(counts)}: ${now}`
    process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns || 80) - 1)}`)
  }

  #erase(): void {
    if (this.#isTerminal) process.stdout.write("\r\x1b[K")
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
}
