import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { type Identity, identities, isAlive } from "./measure/proc.ts"

const STOP_MS = 8_000
const POLL_MS = 20

/** All programs of this run that have not ended yet. */
const running = new Set<ChildProcess>()
const others = new Set<() => Promise<void>>()

/** Starts a program in a process group of its own, so that Ctrl-C reaches only the benchmark, which then ends it. */
export function start(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { stdio: "ignore", ...options, detached: true })
  child.on("error", () => running.delete(child))
  running.add(child)
  return child
}

/** Ends a program and everything that it started, with SIGTERM first and SIGKILL later. */
export async function stop(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.pid === undefined) return
  const tree = identities(child.pid)
  if (child.exitCode === null) child.kill("SIGTERM")
  const deadline = Date.now() + STOP_MS
  while (tree.some(isAlive) && Date.now() < deadline) await sleep(POLL_MS)
  for (const process of tree) kill(process)
}

/**
 * Registers something that starts its own processes, so that it stops with all others. Returns a function that stops it
 * earlier.
 */
export function alsoStop(end: () => Promise<void>): () => Promise<void> {
  const once = () => {
    others.delete(once)
    return end()
  }
  others.add(once)
  return once
}

export async function stopAll(): Promise<void> {
  await Promise.all([...[...running].map(stop), ...[...others].map(end => end())])
}

function kill(process_: Identity): void {
  if (!isAlive(process_)) return
  try {
    process.kill(process_.pid, "SIGKILL")
  } catch {
    // It has already ended.
  }
}
