import { expect } from "bun:test"
import type { HotInventory } from "../../../src/core/ports/hot-inventory.ts"
import { StackInventory } from "../../../src/stack/inventory.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { isStopped } from "../../support/processes.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { bookIn, bookOf } from "../../support/stores/book.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import type { Shop } from "../../support/stores/shop.ts"
import { Buyers } from "./buyers.ts"
import { series, WorkerProcesses } from "./worker-processes.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

const TEST_MAX_MS = 120_000
let processes: WorkerProcesses

beforeAll(async () => {
  processes = await WorkerProcesses.start()
}, TEST_MAX_MS)
afterAll(() => processes[Symbol.asyncDispose]())

/** Store and ledger agree on everything, and the auditor finds nothing. */
async function expectAllThere(shop: Shop, saleId: string): Promise<void> {
  const ledger = new PostgresLedger({ url: processes.cluster.url })
  const view = new StackInventory(shop.inventory as HotInventory, ledger, 20_000)
  await view.orders(saleId, 0, 1)
  const { facts: _, ...held } = await bookIn(ledger, saleId)
  const { facts: __, ...sold } = await bookOf(shop, saleId)
  expect(held).toEqual(sold)
  await expectAudited(view, Date.now())
  await ledger[Symbol.asyncDispose]()
}

describe("a worker as a process", () => {
  test(
    "answers liveness, readiness and metrics, and exits with 0 when it is told to stop",
    async () => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const { server, url } = await processes.ready()
        expect(await (await fetch(`${url}/livez`)).text()).toBe("ok\n")
        expect((await fetch(`${url}/nothing`)).status).toBe(404)
        const text = await series({ server, url })
        for (const name of ["flash_sale_gate_open", "flash_sale_ledger_lag_facts", "process_cpu_seconds_total"]) {
          expect(text).toContain(`# TYPE ${name} `)
        }
        expect(await server.stop(signal)).toBe(0)
      }
    },
    TEST_MAX_MS,
  )

  test(
    "waits for stores that are away, and stops in time without them",
    async () => {
      const { server, url } = await processes.worker({
        INVENTORY_URL: "redis://127.0.0.1:9",
        LEDGER_URL: "postgres://me@127.0.0.1:9/doorbuster",
      })
      const readiness = () => fetch(`${url}/readyz`).then(async answer => `${answer.status} ${await answer.text()}`)
      await eventually("it says why", async () =>
        (await readiness().catch(() => "")).startsWith("503 PostgreSQL cannot be reached: nothing listens there."),
      )
      expect(await (await fetch(`${url}/livez`)).text()).toBe("ok\n")
      expect(await server.stop()).toBe(0)
      expect(server.log.split("\n").filter(line => line.includes('"level":50')).length).toBeLessThanOrEqual(2)
    },
    TEST_MAX_MS,
  )

  test.each(["worker", "serve"] as const)(
    "%s does not start with a ledger that it must not use: one sentence, exit code 1",
    async role => {
      const told = async (url: string) => {
        const { server } = await processes.worker({ LEDGER_URL: url, LOG_LEVEL: "silent" }, role)
        await eventually("it ends", () => !server.isRunning)
        expect(await server.stop()).toBe(1)
        return server.log
      }
      const wrong = new URL(processes.cluster.url)
      wrong.password = "wrong"
      expect(await told(wrong.href)).toBe(
        'doorbuster: PostgreSQL cannot be used: it refuses the user or the password of LEDGER_URL (password authentication failed for user "doorbuster").\n',
      )
      const newer = processes.cluster.urlAt(processes.cluster.port, await processes.cluster.createDatabase())
      const ledger = new PostgresLedger({ url: newer })
      await ledger.ready()
      await ledger[Symbol.asyncDispose]()
      await processes.cluster.query("INSERT INTO migrations VALUES (99, 'split', 'breaking')", [], newer)
      expect(await told(newer)).toBe(
        "doorbuster: The ledger was changed by a newer Doorbuster (migration 99, split); this one must be updated.\n",
      )
    },
    TEST_MAX_MS,
  )

  test(
    "sells the demo sale from an empty stack, however many workers start",
    async () => {
      const workers = await Promise.all([1, 2, 3].map(() => processes.ready({ DEMO: "1" })))
      const shop = await processes.shop()
      await eventually("there is a sale", async () => (await shop.inventory.sales()).length > 0)
      expect((await shop.inventory.sales()).map(({ id, number }) => [id, number])).toEqual([["iphone-17-pro-max", 1]])
      await Promise.all(workers.map(({ server }) => server.stop()))
      await shop.store.close()
    },
    TEST_MAX_MS,
  )
})

describe("a leader that is frozen", () => {
  test(
    "is replaced by another, and changes nothing when it wakes, even if the store was lost meanwhile",
    async () => {
      const workers = [await processes.ready(), await processes.ready()]
      const shop = await processes.shop()
      await shop.create({ id: "rush", opensAt: 0, total: 100_000 })
      const buyers = new Buyers(shop, 1, "rush")
      for (let time = 0; time < 2; time++) {
        const frozen = await processes.leader(workers)
        const { bought } = buyers
        await eventually("some buy", () => buyers.bought > bought + 50)
        process.kill(frozen.server.pid, "SIGSTOP")
        await eventually("it is frozen", () => isStopped(frozen.server.pid))
        const others = workers.filter(worker => worker !== frozen)
        const next = await processes.leader(others)
        await eventually("the rest is drained", async () => (await shop.inventory.facts("rush", 0, 1000)).length < 900)

        if (time === 1) {
          await buyers.stop()
          await expectAllThere(shop, "rush")
          await processes.redis.command("FLUSHALL")
          await eventually("the sale is rebuilt and open", async () => {
            const answer = await shop.reserve("late", "k", { sale: "rush" }).catch(() => undefined)
            return answer?.outcome === "confirmed"
          })
        }
        process.kill(frozen.server.pid, "SIGCONT")
        await eventually("it follows", async () => (await series(frozen)).includes("\nflash_sale_worker_leads 0\n"))
        expect(await processes.leader(workers)).toBe(next)
      }
      for (let nth = 0; nth < 50; nth++) await shop.bought(`afterwards-${nth}`, "k", { sale: "rush" })
      await expectAllThere(shop, "rush")
      expect(buyers.answers.every(({ outcome }) => outcome === "confirmed")).toBe(true)
      await Promise.all(workers.map(({ server }) => server.stop()))
      await shop.store.close()
    },
    TEST_MAX_MS,
  )
})
