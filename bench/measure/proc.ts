import { readdirSync, readFileSync } from "node:fs"

/** Linux reports CPU time in ticks of 1/100 s, independent of the kernel's own clock. */
const TICKS_PER_SECOND = 100
const KIB_PER_MB = 1_000_000 / 1024

/** A process and its role within its contender. */
export interface ProcessName {
  pid: number
  name: string
}

/** A pid with its start time, because the system may later give the same pid to another process. */
export interface Identity {
  pid: number
  startTicks: string
}

/** The fields of /proc/PID/stat after the command's name, which may contain spaces and brackets. */
function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8")
    return text.slice(text.lastIndexOf(")") + 2).split(" ")
  } catch {
    return undefined
  }
}

/** User and system time so far, including threads that have ended. */
export function cpuSeconds(pid: number): number {
  const fields = stat(pid)
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND : 0
}

/** Seconds that all processors were busy, for any process. */
export function machineSeconds(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync("/proc/stat", "utf8").split("\n")[0]!.split(/ +/).slice(1)
  return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}

/** CPU seconds of this process and of its children that have ended, such as the load. */
export function ownSeconds(): number {
  const fields = stat(process.pid)!
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}

export interface Memory {
  residentMb: number
  peakMb: number
}

export function memory(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, "utf8")
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0)
  return { residentMb: kib("VmRSS") / KIB_PER_MB, peakMb: kib("VmHWM") / KIB_PER_MB }
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
  } catch {
    return ""
  }
}

/** A process and all its descendants, parents first. */
export function tree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync("/proc")) {
    const pid = Number(name)
    const parent = Number.isInteger(pid) ? Number(stat(pid)?.[1] ?? 0) : 0
    if (parent > 0) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const found = [root]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

export function identities(root: number): Identity[] {
  return tree(root).flatMap(pid => {
    const startTicks = stat(pid)?.[19]
    return startTicks === undefined ? [] : [{ pid, startTicks }]
  })
}

export function isAlive(process: Identity): boolean {
  const fields = stat(process.pid)
  return fields !== undefined && fields[19] === process.startTicks && fields[0] !== "Z"
}
