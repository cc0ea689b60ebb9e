import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Costs } from "../../src/cli/plan/costs.ts"
import type { Case, ContenderName } from "../contender.ts"
import { median } from "../report/numbers.ts"
import { storeMedians } from "../report/store.ts"
import { find, type Line, peakByRole, summarise } from "../report/summary.ts"
import type { Results } from "../results.ts"

const COSTS = fileURLToPath(new URL("../../src/cli/plan/costs.json", import.meta.url))

/** Writes the file from which `doorbuster plan` computes. */
export function writeCosts(results: Results): Costs {
  const costs = costsOf(results)
  writeFileSync(COSTS, `${JSON.stringify(costs, undefined, 2)}\n`)
  return costs
}

/** The costs with the most connections: a launch has more. Throws if a part was not measured. */
export function costsOf(results: Results): Costs {
  const { machine, startedAt, sizes, latency, options, short, store } = results
  if (!sizes || !latency || !short || !store) throw new Error("costs need the parts sizes, latency, ratio and store")
  const lines = summarise(results.runs)
  const connections = Math.max(...options.connections)
  const of = <Role extends string>(contender: ContenderName, kind: Case, roles: readonly Role[]) =>
    rolesOf(find(lines, contender, kind, connections), roles)
  const alone = storeMedians(store)
  const half = (contender: ContenderName) =>
    round(median(latency.filter(run => run.contender === contender && run.share === 0.5).map(run => run.latencyMs.p99)))
  const [embedded, stack] = [peakByRole(results, "embedded"), peakByRole(results, "stack")]
  return {
    measured: { at: startedAt, commit: machine.commit, cpu: machine.cpu, cores: machine.cores },
    floor: { accepted: of("floor", "accepted", ["bun"]), refused: of("floor", "refused", ["bun"]) },
    embedded: {
      accepted: of("embedded", "accepted", ["replica", "supervisor"]),
      refused: of("embedded", "refused", ["replica"]),
    },
    stack: {
      accepted: of("stack", "accepted", ["nginx", "replica", "redis", "worker", "postgres"]),
      refused: of("stack", "refused", ["nginx", "replica"]),
    },
    store: { accepted: round(1e6 / alone.accepted), refused: round(1e6 / alone.refused) },
    bytes: sizes.bytes,
    order: { valkey: Math.round(alone.bytesPerOrder), ...sizes.order },
    memoryMb: {
      replica: Math.max(embedded.replica ?? 0, stack.replica ?? 0),
      supervisor: embedded.supervisor ?? 0,
      worker: stack.worker ?? 0,
    },
    timesFloor: round(short.median),
    p99Ms: { embedded: half("embedded"), stack: half("stack") },
  }
}

function rolesOf<Role extends string>(line: Line | undefined, roles: readonly Role[]): Record<Role, number> {
  if (!line) throw new Error("costs need the rates of floor, embedded and stack")
  return Object.fromEntries(roles.map(role => [role, round(line.cpuByRole[role] ?? 0)])) as Record<Role, number>
}

const round = (value: number) => Math.round(value * 100) / 100
