import { expect } from "bun:test"
import type { Order } from "../../../src/core/order.ts"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { type HotKind, hotKinds } from "./hot-kinds.ts"
import { WorkerSetup } from "./worker-setup.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

const TEST_MAX_MS = 60_000
let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, TEST_MAX_MS)
afterAll(() => cluster[Symbol.asyncDispose]())

/** A setup at work, with a sale of ten of which three are sold. */
async function selling(kind: HotKind): Promise<WorkerSetup> {
  const setup = await WorkerSetup.open(cluster, { kind })
  setup.startWorker()
  await setup.gatesOpened(0)
  await setup.shop.create({ opensAt: 0 })
  for (const customer of ["ann", "bob", "eve"]) await setup.shop.bought(customer, "k")
  await setup.ledgerCaughtUp()
  return setup
}

/** What an attempt is answered, once the store can be asked. */
function answered(setup: WorkerSetup, customer: string, key: string, sale = "drop"): Promise<string> {
  return eventually("the store answers", async () => {
    const answer = await setup.shop.reserve(customer, key, { sale }).catch(() => undefined)
    return answer && `${answer.outcome}${answer.replayed ? ", replayed" : ""}`
  })
}

describe.each(hotKinds())("a store that restarts ($name)", kind => {
  afterAll(() => kind.end())

  test(
    "answers reconciling until a worker has opened its gates",
    async () => {
      await using setup = await WorkerSetup.open(cluster, { kind })
      expect(await setup.shop.create({ opensAt: 0 })).toMatchObject({ outcome: "reconciling" })
      setup.startWorker()
      await setup.gatesOpened(0)
      expect(await setup.shop.create({ opensAt: 0 })).toMatchObject({ outcome: "done" })
      await setup.ledgerCaughtUp()
      await setup.stopWorkers()
      await setup.hot.restart()
      expect(await answered(setup, "ann", "k")).toBe("reconciling")
      expect(await setup.shop.create({ id: "other", opensAt: 0 })).toMatchObject({ outcome: "reconciling" })
      setup.startWorker()
      await setup.gatesOpened(1)
      expect(await answered(setup, "ann", "k")).toBe("confirmed")
    },
    TEST_MAX_MS,
  )

  test(
    "with all its data goes on, in another epoch",
    async () => {
      await using setup = await selling(kind)
      const before = (await setup.head())!
      await setup.hot.restart()
      await setup.gatesOpened(1)
      const after = (await setup.head())!
      expect(after.epoch).toBeGreaterThan(before.epoch)
      expect(after.seq).toBe(before.seq)
      expect(await setup.ledger.cursors()).toMatchObject([{ epoch: after.epoch }])
      expect(await answered(setup, "ann", "k")).toBe("confirmed, replayed")
      await setup.shop.bought("joe", "k")
      await setup.expectAllThere()
    },
    TEST_MAX_MS,
  )

  test(
    "with more facts than the ledger first writes them to it",
    async () => {
      await using setup = await WorkerSetup.open(cluster, { kind })
      setup.startWorker()
      await setup.gatesOpened(0)
      await setup.stopWorkers()
      await setup.shop.create({ opensAt: 0, total: 5000, limitPerCustomer: 5000 })
      for (let call = 0; call < 40; call++) {
        await setup.shop.batch(...Array.from({ length: 100 }, (_, nth) => setup.shop.attempt(`c-${call}-${nth}`, "k")))
      }
      await setup.hot.restart()
      expect(await answered(setup, "ann", "k")).toBe("reconciling")
      expect(await setup.ledger.cursors()).toEqual([])
      setup.startWorker()
      await setup.gatesOpened(1)
      await setup.expectAllThere()
      expect(await setup.ledger.facts("drop", 4001, 10)).toHaveLength(1)
    },
    TEST_MAX_MS,
  )

  for (const loss of ["wipe", "replace"] as const) {
    test(
      `with nothing left (${loss}) is rebuilt to exact equality, and sells on`,
      async () => {
        await using setup = await selling(kind)
        await setup.shop.create({ id: "other", holdSeconds: 600, opensAt: 0, limitPerCustomer: 3 })
        const held = await setup.shop.bought("ann", "k", { sale: "other", quantity: 2 })
        const confirmed = await setup.shop.bought("bob", "k", { sale: "other" })
        await setup.shop.confirm(confirmed.id)
        await setup.ledgerCaughtUp()
        await setup.ledgerCaughtUp("other")
        const before = [await setup.contents(), await setup.contents("other")]

        await setup.stopWorkers()
        await setup.hot[loss]()
        expect(await answered(setup, "zoe", "k")).toBe("reconciling")
        setup.startWorker()
        await setup.gatesOpened(2)
        expect([await setup.contents(), await setup.contents("other")]).toEqual(before)
        expect((await setup.inventory.sales()).map(({ number }) => number)).toEqual([1, 2])

        expect(await answered(setup, "ann", "k")).toBe("confirmed, replayed")
        expect(await answered(setup, "ann", "k2")).toBe("limit_reached")
        expect(await setup.shop.confirm(held.id)).toMatchObject({ outcome: "confirmed" })
        await setup.shop.bought("zoe", "k")
        expect(await setup.shop.create({ id: "third", opensAt: 0 })).toMatchObject({ outcome: "done" })
        for (const id of ["drop", "other", "third"]) await setup.expectAllThere(id)
      },
      TEST_MAX_MS,
    )
  }

  test(
    "with the first facts of the ledger but not the last is rebuilt",
    async () => {
      await using setup = await selling(kind)
      const turnBack = await setup.hot.backup()
      await setup.gatesOpened(1)
      await setup.shop.bought("joe", "k")
      await setup.ledgerCaughtUp()
      await turnBack()
      await eventually("the lost order is back", async () => (await setup.head().catch(() => undefined))?.seq === 6)
      await setup.gatesOpened(1)
      expect(await answered(setup, "joe", "k")).toBe("confirmed, replayed")
      await setup.expectAllThere()
    },
    TEST_MAX_MS,
  )

  test(
    "that lost everything knows every administrator's key again",
    async () => {
      await using setup = await selling(kind)
      const delivery = { key: "delivery-7", digest: "a" }
      const restock = { kind: "restock", saleId: "drop", sku: "shoe", units: 10, once: delivery } as const
      const first = await setup.shop.decide(restock)
      expect(first).toMatchObject({ outcome: "done" })
      await setup.ledgerCaughtUp()
      await setup.hot.wipe()
      await setup.gatesOpened(1)
      const again = await eventually("the store answers", async () => {
        const answer = await setup.shop.decide(restock).catch(() => undefined)
        return answer?.outcome === "reconciling" ? undefined : answer
      })
      expect(again).toMatchObject({ outcome: "done", replayed: true, seq: first.seq })
      const other = { ...restock, units: 11, once: { ...delivery, digest: "b" } }
      expect(await setup.shop.decide(other)).toMatchObject({ outcome: "key_reused" })
      expect((await setup.shop.item()).total).toBe(20)
    },
    TEST_MAX_MS,
  )

  test(
    "is not rebuilt by a worker whose epoch is over",
    async () => {
      await using setup = await selling(kind)
      const { epoch, seq } = (await setup.head())!
      await setup.hot.restart()
      await setup.gatesOpened(1)
      const outdated = (await setup.ledger.sales())[0]!
      await setup.shop.bought("joe", "k")
      async function* nothing(): AsyncIterable<Order[]> {}
      for (const over of [epoch, epoch + 1]) {
        await expect(setup.inventory.rebuild(outdated, over, nothing(), [])).rejects.toThrow(InventoryFault)
      }
      expect(await setup.head()).toMatchObject({ seq: seq + 1, isOpen: true })
      expect(await answered(setup, "joe", "k")).toBe("confirmed, replayed")
      await setup.expectAllThere()
    },
    TEST_MAX_MS,
  )

  test(
    "with other facts than the ledger stays closed and logs it once, and the other sales open",
    async () => {
      await using setup = await selling(kind)
      await setup.shop.create({ id: "other", opensAt: 0 })
      await setup.ledgerCaughtUp("other")
      const turnBack = await setup.hot.backup()
      await setup.gatesOpened(2)
      await setup.shop.bought("joe", "k")
      await setup.ledgerCaughtUp()
      // A store that was restored from a backup sells on before anybody compares it: the same number, another fact.
      await setup.stopWorkers()
      await turnBack()
      await setup.hot.openUnseen()
      expect(await answered(setup, "tim", "k")).toBe("confirmed")
      await setup.hot.restart()
      setup.startWorker()

      await eventually("the other sale is open", async () => (await setup.head("other").catch(() => undefined))?.isOpen)
      expect(await answered(setup, "ann", "k2")).toBe("reconciling")
      expect(await answered(setup, "ann", "k", "other")).toBe("confirmed")
      await setup.ledgerCaughtUp("other")
      expect((await setup.head())!.isOpen).toBe(false)
      expect(setup.log.count("store and ledger contradict each other")).toBe(1)
    },
    TEST_MAX_MS,
  )
})
