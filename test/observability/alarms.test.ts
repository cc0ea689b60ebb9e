import { expect } from "bun:test"
import { readFileSync } from "node:fs"
import { eventually } from "../support/eventually.ts"
import { needs } from "../support/needs.ts"
import { signalAll } from "../support/processes.ts"
import { POSTGRES, PROMETHEUS, REDIS } from "../support/programs.ts"
import { Prometheus } from "../support/prometheus.ts"
import { NativeStack } from "../support/stack.ts"
import { Buyers } from "./buyers.ts"

const { test } = needs(REDIS, POSTGRES, PROMETHEUS)

const FIRES_MAX_MS = 60_000
const TEST_MAX_MS = 300_000

test(
  "an alert fires for what is broken and for nothing else, and ends once it is repaired",
  async () => {
    await using stack = await NativeStack.start({ nginx: true })
    await stack.createSale("shoes", { total: 100_000 })
    await using prometheus = await Prometheus.start({ web: stack.urls, worker: [stack.workerUrl] })
    const firing = async () => {
      const alerts = await prometheus.query(`ALERTS{alertstate="firing"}`)
      return new Set(alerts.map(({ labels }) => labels.alertname!))
    }
    const fires = (name: string) => eventually(`${name} fires`, async () => (await firing()).has(name), FIRES_MAX_MS)
    await eventually("every replica is seen", async () => (await prometheus.value("flash_sale:replicas:up")) === 3)
    await using _buyers = new Buyers(stack.url, "shoes", { rate: 30 })

    const last = stack.replicas.at(-1)!
    const ledger = familyOf(stack.postgres.pid)
    try {
      await last.kill()
      // A suspended process keeps its connections and never answers, which is worse than a dead one.
      signalAll(ledger, "SIGSTOP")
      await fires("ReplicaDown")
      await fires("LedgerLag")
      const whole = ["NoReplica", "WorkerDown", "ConservationViolated", "LedgerConflict", "GateClosed"]
      expect([...(await firing())].filter(name => whole.includes(name))).toEqual([])
    } finally {
      signalAll(ledger, "SIGCONT")
    }
    last.start()

    await stack.redis.kill()
    await fires("GateClosed")
    stack.redis.start()
    const mended = ["ReplicaDown", "NoLeader", "LedgerLag", "GateClosed"]
    const silent = async () => (await firing()).intersection(new Set(mended)).size === 0
    await eventually("all is well", silent, FIRES_MAX_MS)
  },
  TEST_MAX_MS,
)

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")
  return [pid, ...children.filter(Boolean).map(Number)]
}
