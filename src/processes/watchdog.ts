import { type ChildProcess, startProcess } from "./child-process.ts"
import { BEAT_MS, START_MAX_MS } from "./heartbeat.ts"
import { RestartBackoff } from "./restart-backoff.ts"

/** A process without a beat for so long is stuck: it is killed and replaced. A busy one is late by far less. */
const HUNG_MS = 5000
/** How long an ordered stop may take before it is made. Docker's own patience is 10 s. */
const STOP_MAX_MS = 9000

export interface WatchdogOptions {
  command: string[]
  env: Record<string, string | undefined>
  log: { warn(fields: object, text: string): void }
}

/**
 * Keeps one process running: replaces it when it ends by itself or no longer beats, until it is told to stop. In a
 * container it is the first process, so that a crash is healed at once and without the container's restart policy.
 */
export class Watchdog {
  readonly #backoff = new RestartBackoff()
  readonly #ended = Promise.withResolvers<number>()
  #process: ChildProcess | undefined
  #startedAt = 0
  #beatAt: number | undefined
  #checkedAt = performance.now()
  #next: Timer | undefined
  #stopping = false

  constructor(private readonly options: WatchdogOptions) {}

  /** Resolves, once it was told to stop, with the exit code of the last process. */
  run(): Promise<number> {
    const watchdog = setInterval(() => this.#check(), BEAT_MS)
    this.#begin()
    return this.#ended.promise.finally(() => clearInterval(watchdog))
  }

  /** Passes the order to stop on. */
  stop(signal: NodeJS.Signals): void {
    this.#stopping = true
    if (!this.#process) {
      clearTimeout(this.#next)
      this.#ended.resolve(0)
      return
    }
    this.#process.kill(signal)
    setTimeout(() => this.#process?.kill("SIGKILL"), STOP_MAX_MS).unref()
  }

  /** Asks the process to end in order; another one takes its place. */
  renew(): void {
    this.#process?.kill("SIGTERM")
  }

  #begin(): void {
    const { command, env } = this.options
    this.#startedAt = performance.now()
    this.#beatAt = undefined
    const process = startProcess<unknown, { type: string }>(command, env, message => this.#receive(message))
    this.#process = process
    process.exited.then(why => this.#over(why, process.exitCode() ?? 1))
  }

  #receive({ type }: { type: string }): void {
    if (type === "beat") this.#beatAt = performance.now()
  }

  #over(why: string, code: number): void {
    this.#process = undefined
    if (this.#stopping) {
      this.#ended.resolve(code)
      return
    }
    const lived = this.#beatAt === undefined ? undefined : performance.now() - this.#startedAt
    const delay = this.#backoff.next(lived)
    this.options.log.warn({ why, delay }, "process ended; starting another")
    this.#next = setTimeout(() => this.#begin(), delay)
  }

  /** If this process itself was stopped for a while, the other gets a new chance. */
  #check(): void {
    const now = performance.now()
    const paused = now - this.#checkedAt > HUNG_MS / 2
    this.#checkedAt = now
    if (!this.#process) return
    if (paused && this.#beatAt !== undefined) this.#beatAt = now
    if (paused) this.#startedAt = now
    const isHung = this.#beatAt === undefined ? now - this.#startedAt > START_MAX_MS : now - this.#beatAt > HUNG_MS
    if (!isHung) return
    this.options.log.warn({ pid: this.#process.pid }, "process hung; killing it")
    this.#process.kill("SIGKILL")
  }
}
