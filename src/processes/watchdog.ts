import type { Config } from "../config/config.ts"
import { openLog } from "../observability/log.ts"
import { systemTime, type Time } from "../runtime/time.ts"
import {
  type ChildProcess,
  type Exit,
  HEARTBEAT_MS,
  ownCommand,
  RestartBackoff,
  START_MAX_MS,
  startProcess,
} from "./child-process.ts"
import { StopSignals } from "./stop-signals.ts"

/** A process that sent no heartbeat for this long is killed and replaced. A busy one is late by far less. */
const CHILD_HUNG_MS = 5000
/** How long an orderly stop may take before the process is killed. Docker itself waits 10 s. */
const STOP_MAX_MS = 9000

export interface WatchdogOptions {
  command: string[]
  env: Record<string, string | undefined>
  log: { warn(fields: object, text: string): void }
  time?: Time
}

/**
 * Keeps one child process running: replaces it when it ends by itself or sends no heartbeat, until it is told to stop.
 * In a container it is the first process, so that a crash is healed at once and without the container's restart policy.
 */
export class Watchdog {
  readonly #time: Time
  readonly #backoff = new RestartBackoff()
  readonly #ended = Promise.withResolvers<number>()
  #process: ChildProcess | undefined
  #startedAt = 0
  #heartbeatAt: number | undefined
  #checkedAt = 0
  #nextStart: Disposable | undefined
  #isStopping = false

  constructor(private readonly options: WatchdogOptions) {
    this.#time = options.time ?? systemTime
  }

  /** Resolves with the exit code of the last process, once the watchdog was told to stop. */
  async run(): Promise<number> {
    this.#checkedAt = this.#time.monotonic()
    using _checks = this.#time.every(HEARTBEAT_MS, () => this.#check())
    this.#startChild()
    return await this.#ended.promise
  }

  /** Passes `signal` on, and kills a process that has not ended in time. */
  stop(signal: NodeJS.Signals): void {
    this.#isStopping = true
    this.#nextStart?.[Symbol.dispose]()
    if (!this.#process) {
      this.#ended.resolve(0)
      return
    }
    this.#process.kill(signal)
    const deadline = this.#time.after(STOP_MAX_MS, () => this.kill())
    void this.#ended.promise.then(() => deadline[Symbol.dispose]())
  }

  /** Kills the process at once. */
  kill(): void {
    this.#process?.kill("SIGKILL")
  }

  /** Asks the process to end in an orderly way; another one replaces it. */
  restart(): void {
    this.#process?.kill("SIGTERM")
  }

  #startChild(): void {
    const { command, env } = this.options
    this.#startedAt = this.#time.monotonic()
    this.#heartbeatAt = undefined
    const child = startProcess<unknown, { type: string }>(command, env, ({ type }) => {
      if (type === "heartbeat") this.#heartbeatAt = this.#time.monotonic()
    })
    this.#process = child
    void child.exited.then(exit => this.#childEnded(exit))
  }

  #childEnded({ code, reason }: Exit): void {
    this.#process = undefined
    if (this.#isStopping) {
      this.#ended.resolve(code)
      return
    }
    const readyMs = this.#heartbeatAt === undefined ? undefined : this.#time.monotonic() - this.#startedAt
    const delay = this.#backoff.next(readyMs)
    this.options.log.warn({ why: reason, delay }, "process ended; starting another")
    this.#nextStart = this.#time.after(delay, () => this.#startChild())
  }

  /** Kills a child that hangs. If this process itself was suspended for a while, the child gets its full time again. */
  #check(): void {
    const now = this.#time.monotonic()
    const wasSuspended = now - this.#checkedAt > CHILD_HUNG_MS / 2
    this.#checkedAt = now
    if (!this.#process) return
    if (wasSuspended && this.#heartbeatAt !== undefined) this.#heartbeatAt = now
    if (wasSuspended) this.#startedAt = now
    const isHung =
      this.#heartbeatAt === undefined ? now - this.#startedAt > START_MAX_MS : now - this.#heartbeatAt > CHILD_HUNG_MS
    if (!isHung) return
    this.options.log.warn({ pid: this.#process.pid }, "process hung; killing it")
    this.kill()
  }
}

/** Runs `doorbuster ROLE` as a child of a watchdog. Ends with the child's exit code. */
export async function runWatchdog(
  role: string,
  config: Config,
  env: Record<string, string | undefined>,
): Promise<void> {
  const watchdog = new Watchdog({
    command: ownCommand(role),
    env,
    log: openLog(config.logLevel, config.nodeId),
  })
  const signals = new StopSignals()
  signals.start()
  void signals.ordered.then(signal => watchdog.stop(signal))
  void signals.orderedAtOnce.then(() => watchdog.kill())
  process.on("SIGHUP", () => watchdog.restart())
  process.exit(await watchdog.run())
}

/** Sends heartbeats to the watchdog if this process has one, and stops as on SIGTERM when the watchdog is gone. */
export function reportToWatchdog(time: Time = systemTime): void {
  if (!process.send) return
  const sendHeartbeat = () => process.send?.({ type: "heartbeat" })
  sendHeartbeat()
  time.every(HEARTBEAT_MS, sendHeartbeat)
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"))
}
