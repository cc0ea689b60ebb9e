import { readdirSync, readFileSync } from "node:fs"
import { constants } from "node:os"

/** Every process that runs for this data folder, whatever its parent is. */
export function processesOf(dataDir: string): number[] {
  return readdirSync("/proc")
    .filter(name => /^[0-9]+$/.test(name) && environmentOf(name).includes(`DATA_DIR=${dataDir}`))
    .map(Number)
}

/** Whether the process has ended, even if its parent has not read the exit code yet. */
export function isGone(pid: number): boolean {
  return "ZX".includes(stateOf(pid))
}

/** Whether SIGSTOP has reached it and it is in no system call. */
export function isStopped(pid: number): boolean {
  return "TZX".includes(stateOf(pid))
}

/** Whether it waits for something to happen: it has done all that was there to do. */
export function isIdle(pid: number): boolean {
  return stateOf(pid) === "S"
}

/** Whether a signal has been sent to it that it has not taken yet, as one that stands still does not. */
export function isPending(pid: number, signal: NodeJS.Signals): boolean {
  const pending = /^ShdPnd:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0"
  return ((BigInt(`0x${pending}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n
}

/** The kernel's letter for what it does; `X` when there is no such process. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.charAt(stat.lastIndexOf(")") + 2)
  } catch {
    return "X"
  }
}

/** To all of them, the parents first, so that none has the time to start another. */
export function signalAll(pids: readonly number[], signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
  for (const pid of pids) if (!isGone(pid)) process.kill(pid, signal)
}

export function killAll(pids: readonly number[]): void {
  signalAll(pids, "SIGKILL")
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")
  } catch {
    return []
  }
}
