import { constants } from "node:os"
import { join } from "node:path"
import { handOver, SETTINGS } from "../config/config.ts"
import { Backoff } from "../runtime/time.ts"

/** Signals that another process sends on purpose. Any other one, such as SIGSEGV, is a crash. */
const KILLS = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"]

/** How a process ended. */
export interface Exit {
  /** As a shell gives it: 128 plus the signal's number after a signal. */
  code: number
  /** In words, such as "exit code 7" or "killed by SIGKILL". */
  reason: string
  /** True when another process killed it; false when it ended by itself, crashed or could not be started. */
  wasKilled: boolean
}

/** A child process with a message channel. `Out` is the type of the messages that it is sent. */
export interface ChildProcess<Out = unknown> {
  /** Does nothing once the process has ended. */
  send(message: Out): void
  /** Undefined when the process could not be started. */
  pid?: number | undefined
  exited: Promise<Exit>
  kill(signal: NodeJS.Signals): void
}

/** Starts `command` with a message channel to this process and with this process's output. Never throws. */
export function startProcess<Out, In>(
  command: string[],
  env: Record<string, string | undefined>,
  receive: (message: In) => void,
): ChildProcess<Out> {
  const handed = handOver(
    env,
    SETTINGS.map(([name]) => name),
  )
  try {
    const child = Bun.spawn(command, {
      env: handed.env,
      stdio: [new TextEncoder().encode(handed.stdin), "inherit", "inherit"],
      serialization: "json",
      ipc: message => receive(message as In),
    })
    return childProcess(child)
  } catch (error) {
    const reason = `could not be started: ${(error as Error).message}`
    return { exited: Promise.resolve({ code: 1, reason, wasKilled: false }), send() {}, kill() {} }
  }
}

function childProcess<Out>(child: Bun.Subprocess): ChildProcess<Out> {
  let isAlive = true
  const exited = child.exited.then(code => {
    isAlive = false
    return exitOf(code, child.signalCode as NodeJS.Signals | null)
  })
  return {
    pid: child.pid,
    exited,
    send(message) {
      if (!isAlive) return
      try {
        child.send(message)
      } catch {
        // The channel closes a moment before the exit is known. `exited` tells the rest.
        isAlive = false
      }
    },
    kill: signal => child.kill(signal),
  }
}

function exitOf(code: number, signal: NodeJS.Signals | null): Exit {
  if (!signal) return { code, reason: `exit code ${code}`, wasKilled: false }
  return { code: 128 + constants.signals[signal], reason: `killed by ${signal}`, wasKilled: KILLS.includes(signal) }
}

/** The command that starts this program again in another role. A compiled file needs no source and no flags. */
export function ownCommand(role: string): string[] {
  if (Bun.isStandaloneExecutable) return [process.execPath, role]
  // Compose reads `.env`, and it is meant for Compose alone; Bun would read it, too.
  return [process.execPath, "--no-env-file", join(import.meta.dir, "../main.ts"), role]
}

/** How a user types a command of this program, given how it was started. */
export function typedCommand(command: string, options?: string): string {
  if (Bun.isStandaloneExecutable) return ["doorbuster", command, options].filter(Boolean).join(" ")
  return options ? `npm run ${command} -- ${options}` : `npm run ${command}`
}

/** How often a child process with a message channel sends a heartbeat once it is ready. */
export const HEARTBEAT_MS = 250
/** A child that is not ready by then is killed and replaced. A start takes 0.2 s alone, seconds on a busy machine. */
export const START_MAX_MS = 15_000

/** A process that was ready for this long was healthy: it is replaced at once when it ends. */
const HEALTHY_MS = 1000
const PAUSE_MIN_MS = 100
const PAUSE_MAX_MS = 5000

/** The pause before a process that ended is started again. Processes that keep ending early wait ever longer. */
export class RestartBackoff {
  readonly #backoff = new Backoff({ minMs: PAUSE_MIN_MS, maxMs: PAUSE_MAX_MS })

  /** `readyMs`: for how long the process that ended had been ready; undefined when it never was. */
  next(readyMs: number | undefined): number {
    if (readyMs === undefined || readyMs < HEALTHY_MS) return this.#backoff.next()
    this.#backoff.reset()
    return 0
  }
}
