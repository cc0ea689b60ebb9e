import type { Case, ContenderName } from "../contender.ts"
import type { Run } from "../measure/run.ts"
import type { Results } from "../results.ts"
import { median } from "./numbers.ts"

/** The medians over the rounds of one contender in one case. */
export interface Line {
  contender: ContenderName
  kind: Case
  connections: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  cpuMicrosecondsEach: number
  /** The same by role. All replicas together are one role. */
  cpuByRole: Record<string, number>
  /** Every round's rate, for the plot. */
  rates: number[]
}

export function summarise(runs: Run[]): Line[] {
  const groups = new Map<string, Run[]>()
  for (const run of runs) {
    const name = `${run.kind} ${run.connections} ${run.contender}`
    groups.set(name, [...(groups.get(name) ?? []), run])
  }
  return [...groups.values()].map(line)
}

function line(runs: Run[]): Line {
  const { contender, kind, connections } = runs[0]!
  const middle = (value: (run: Run) => number) => median(runs.map(value))
  const roles = [...new Set(Object.keys(runs[0]!.cpu).map(role))]
  const cpuOf = (name: string) => (run: Run) => {
    const seconds = Object.entries(run.cpu).filter(([process]) => role(process) === name)
    return (seconds.reduce((sum, [, value]) => sum + value, 0) * 1e6) / run.answers
  }
  return {
    contender,
    kind,
    connections,
    perSecond: middle(run => run.perSecond),
    p50Ms: middle(run => run.p50Ms),
    p99Ms: middle(run => run.p99Ms),
    cpuMicrosecondsEach: middle(run => run.cpuPer1000 * 1000),
    cpuByRole: Object.fromEntries(roles.map(name => [name, middle(cpuOf(name))])),
    rates: runs.map(run => run.perSecond),
  }
}

/** `replica 2` -> `replica`. */
export function role(process: string): string {
  return process.replace(/ \d+$/, "")
}

/** The most memory that a process of each role held. */
export function peakByRole(results: Results, contender: ContenderName): Record<string, number> {
  const peaks: Record<string, number> = {}
  for (const { peakMb } of results.memory.filter(turn => turn.contender === contender)) {
    for (const [name, mb] of Object.entries(peakMb)) peaks[role(name)] = Math.max(peaks[role(name)] ?? 0, mb)
  }
  return peaks
}

export function find(lines: Line[], contender: ContenderName, kind: Case, connections: number): Line | undefined {
  return lines.find(line => line.contender === contender && line.kind === kind && line.connections === connections)
}
