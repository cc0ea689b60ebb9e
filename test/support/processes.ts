import { readdirSync, readFileSync } from "node:fs"

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
