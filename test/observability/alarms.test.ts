import { expect } from "bun:test"
import { readFileSync } from "node:fs"
import type { Order } from "../../src/wire/wire.ts"
import { eventually } from "../support/eventually.ts"
import { needs } from "../support/needs.ts"
import { signalAll } from "../support/processes.ts"
import { POSTGRES, PROMETHEUS, REDIS } from "../support/programs.ts"
import { Prometheus } from "../support/prometheus.ts"
import { NativeStack } from "../support/stack.ts"
import { tokenOf } from "../support/token.ts"
import { Buyers } from "./buyers.ts"

const { test } = needs(REDIS, POSTGRES, PROMETHEUS)

const FIRES_MAX_MS = 60_000
const TEST_MAX_MS = 300_000
/** The least that the setting allows. */
const RELEASED_MAX = 100
const RELEASES_OF_ONE = 20

test(
  "an alert fires for what is broken and for nothing else, and ends once it is repaired",
  async () => {
    await using stack = await NativeStack.start({ nginx: true, env: { RELEASED_ORDERS_MAX: String(RELEASED_MAX) } })
    await stack.createSale("shoes", { total: 100_000 })
    await using prometheus = await Prometheus.start({ web: stack.urls, worker: [stack.workerUrl] })
    const firing = async () => {
      const alerts = await prometheus.query(`ALERTS{alertstate="firing"}`)
      return new Set(alerts.map(({ labels }) => labels.alertname!))
    }
    const fires = (name: string) => eventually(`${name} fires`, async () => (await firing()).has(name), FIRES_MAX_MS)
    await eventually("every replica is seen", async () => (await prometheus.value("flash_sale:replicas:up")) === 3)
    await using _buyers = new Buyers(stack.url, "shoes", { rate: 30 })

    await fillWithReleased(stack, "full")
    const refusedAndFiring = async () => {
      expect((await stack.buy("full", tokenOf("late"), "k1")).status).toBe(503)
      return (await firing()).has("SaleFull")
    }
    await eventually("SaleFull fires", refusedAndFiring, FIRES_MAX_MS)
    expect([...(await firing())]).not.toContain("ConservationViolated")

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

/** Holds and cancels until the sale may hold nothing more. */
async function fillWithReleased(stack: NativeStack, sale: string): Promise<void> {
  await stack.createSale(sale, { total: 100, checkout: "hold", holdSeconds: 600 })
  for (let at = 0; at < RELEASED_MAX; at++) {
    const token = tokenOf(`again-${Math.floor(at / RELEASES_OF_ONE)}`)
    const { id } = (await (await stack.buy(sale, token, `k${at}`)).json()) as Order
    expect((await stack.request(`/api/v1/orders/${id}/cancel`, { method: "POST", token })).status).toBe(200)
  }
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")
  return [pid, ...children.filter(Boolean).map(Number)]
}
