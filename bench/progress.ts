import type { Run } from "./measure/run.ts"
import { three, whole } from "./report/numbers.ts"

/** A round is undisturbed if other processes used less than this many cores. */
const STRANGERS_NOTED = 0.1

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function progress(run: Run, rounds: number): void {
  const what = `${run.contender.padEnd(9)} ${run.kind} @${`${run.connections}`.padEnd(4)}`
  const rate = `${whole(run.perSecond).padStart(7)}/s`
  const latency = `p50 ${three(run.p50Ms).padStart(5)} ms  p99 ${three(run.p99Ms).padStart(5)} ms`
  say(
    `round ${run.round}/${rounds}  ${what} ${rate}  ${latency}  CPU ${three(run.cpuPer1000 * 1000)} µs each${strangers(run)}`,
  )
}

/** Notes that other processes were busy, because such figures are less reliable. */
function strangers({ strangersCpu, seconds }: Run): string {
  const cores = strangersCpu / seconds
  return cores > STRANGERS_NOTED ? `  (others used ${three(cores)} cores)` : ""
}
