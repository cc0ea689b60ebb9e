import type { ChildProcess } from "node:child_process"
import { openSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { until } from "./net.ts"

const TAIL_CHARS = 800

/** Where a contender's output goes. It is shown when the contender fails. */
export function openOutput(folder: string) {
  const file = join(folder, "output.txt")
  const fd = openSync(file, "a")
  const tail = () => readFileSync(file, "utf8").slice(-TAIL_CHARS).trim()
  const ready = (what: string, child: ChildProcess, isReady: () => Promise<boolean>) =>
    explain(
      until(what, isReady, () => child.exitCode !== null),
      tail,
    )
  return { fd, tail, ready }
}

/** Adds the contender's output to the message of its failure. */
export async function explain<Value>(work: Promise<Value>, said: (() => string) | undefined): Promise<Value> {
  try {
    return await work
  } catch (error) {
    const printed = said?.()
    throw new Error(`${(error as Error).message}${printed ? `; it said:\n${printed}` : ""}`)
  }
}
