import { readdirSync, readFileSync } from "node:fs"

/** Every process that runs for this data folder, whoever its parent is now. */
export function processesOf(dataDir: string): number[] {
  return readdirSync("/proc")
    .filter(name => /^[0-9]+$/.test(name) && environmentOf(name).includes(`DATA_DIR=${dataDir}`))
    .map(Number)
}

/** Ended, even if whoever inherited it has not asked for its exit code yet. */
export function isGone(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z")
  } catch {
    return true
  }
}

/** SIGKILL to all of them, the parents first, so that none has the time to start another. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) if (!isGone(pid)) process.kill(pid, "SIGKILL")
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")
  } catch {
    return []
  }
}
