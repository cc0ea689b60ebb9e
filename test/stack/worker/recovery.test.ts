import { expect } from "bun:test"
import type { Order } from "../../../src/core/order.ts"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { Floor } from "./worker-setup.ts"
import { type HotKind, hotKinds } from "./hot-kinds.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

const TEST_MAX_MS = 60_000
let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, TEST_MAX_MS)
afterAll(() => cluster[Symbol.asyncDispose]())

/** A floor at work, with a sale of ten of which three are sold. */
async function selling(kind: HotKind): Promise<Floor> {
  const floor = await Floor.open(cluster, { kind })
  floor.work()
  await floor.opened(0)
  await floor.shop.create({ opensAt: 0 })
  for (const customer of ["ann", "bob", "eve"]) await floor.shop.bought(customer, "k")
  await floor.drained()
  return floor
}

/** What an attempt is answered, once the store can be asked. */
function answered(floor: Floor, customer: string, key: string, sale = "drop"): Promise<string> {
  return eventually("the store answers", async () => {
    const answer = await floor.shop.reserve(customer, key, { sale }).catch(() => undefined)
    return answer && `${answer.outcome}${answer.replayed ? ", replayed" : ""}`
  })
}

describe.each(hotKinds())("a store that restarts ($name)", kind => {
  afterAll(() => kind.end())

  test(
    "answers reconciling until a worker has opened its gates",
    async () => {
      await using floor = await Floor.open(cluster, { kind })
      expect(await floor.shop.create({ opensAt: 0 })).toMatchObject({ outcome: "reconciling" })
      floor.work()
      await floor.opened(0)
      expect(await floor.shop.create({ opensAt: 0 })).toMatchObject({ outcome: "done" })
      await floor.drained()
      await floor.stopWorkers()
      await floor.hot.restart()
      expect(await answered(floor, "ann", "k")).toBe("reconciling")
      expect(await floor.shop.create({ id: "other", opensAt: 0 })).toMatchObject({ outcome: "reconciling" })
      floor.work()
      await floor.opened(1)
      expect(await answered(floor, "ann", "k")).toBe("confirmed")
    },
    TEST_MAX_MS,
  )

  test(
    "with all its data goes on, in another epoch",
    async () => {
      await using floor = await selling(kind)
      const before = (await floor.head())!
      await floor.hot.restart()
      await floor.opened(1)
      const after = (await floor.head())!
      expect(after.epoch).toBeGreaterThan(before.epoch)
      expect(after.seq).toBe(before.seq)
      expect(await floor.ledger.cursors()).toMatchObject([{ epoch: after.epoch }])
      expect(await answered(floor, "ann", "k")).toBe("confirmed, replayed")
      await floor.shop.bought("joe", "k")
      await floor.expectAllThere()
    },
    TEST_MAX_MS,
  )

  test(
    "with more facts than the ledger first writes them to it",
    async () => {
      await using floor = await Floor.open(cluster, { kind })
      floor.work()
      await floor.opened(0)
      await floor.stopWorkers()
      await floor.shop.create({ opensAt: 0, total: 5000, limitPerCustomer: 5000 })
      for (let call = 0; call < 40; call++) {
        await floor.shop.batch(...Array.from({ length: 100 }, (_, nth) => floor.shop.attempt(`c-${call}-${nth}`, "k")))
      }
      await floor.hot.restart()
      expect(await answered(floor, "ann", "k")).toBe("reconciling")
      expect(await floor.ledger.cursors()).toEqual([])
      floor.work()
      await floor.opened(1)
      await floor.expectAllThere()
      expect(await floor.ledger.facts("drop", 4001, 10)).toHaveLength(1)
    },
    TEST_MAX_MS,
  )

  for (const loss of ["wipe", "replace"] as const) {
    test(
      `with nothing left (${loss}) is rebuilt to exact equality, and sells on`,
      async () => {
        await using floor = await selling(kind)
        await floor.shop.create({ id: "other", holdSeconds: 600, opensAt: 0, limitPerCustomer: 3 })
        const held = await floor.shop.bought("ann", "k", { sale: "other", quantity: 2 })
        const confirmed = await floor.shop.bought("bob", "k", { sale: "other" })
        await floor.shop.confirm(confirmed.id)
        await floor.drained()
        await floor.drained("other")
        const before = [await floor.books(), await floor.books("other")]

        await floor.stopWorkers()
        await floor.hot[loss]()
        expect(await answered(floor, "zoe", "k")).toBe("reconciling")
        floor.work()
        await floor.opened(2)
        expect([await floor.books(), await floor.books("other")]).toEqual(before)
        expect((await floor.inventory.sales()).map(({ number }) => number)).toEqual([1, 2])

        expect(await answered(floor, "ann", "k")).toBe("confirmed, replayed")
        expect(await answered(floor, "ann", "k2")).toBe("limit_reached")
        expect(await floor.shop.confirm(held.id)).toMatchObject({ outcome: "confirmed" })
        await floor.shop.bought("zoe", "k")
        expect(await floor.shop.create({ id: "third", opensAt: 0 })).toMatchObject({ outcome: "done" })
        for (const id of ["drop", "other", "third"]) await floor.expectAllThere(id)
      },
      TEST_MAX_MS,
    )
  }

  test(
    "with the first facts of the ledger but not the last is rebuilt",
    async () => {
      await using floor = await selling(kind)
      const turnBack = await floor.hot.backup()
      await floor.opened(1)
      await floor.shop.bought("joe", "k")
      await floor.drained()
      await turnBack()
      await eventually("the lost order is back", async () => (await floor.head().catch(() => undefined))?.seq === 6)
      await floor.opened(1)
      expect(await answered(floor, "joe", "k")).toBe("confirmed, replayed")
      await floor.expectAllThere()
    },
    TEST_MAX_MS,
  )

  test(
    "is not rebuilt by a worker whose epoch is over",
    async () => {
      await using floor = await selling(kind)
      const { epoch, seq } = (await floor.head())!
      await floor.hot.restart()
      await floor.opened(1)
      const outdated = (await floor.ledger.sales())[0]!
      await floor.shop.bought("joe", "k")
      async function* nothing(): AsyncIterable<Order[]> {}
      for (const over of [epoch, epoch + 1]) {
        await expect(floor.inventory.rebuild(outdated, over, nothing())).rejects.toThrow(InventoryFault)
      }
      expect(await floor.head()).toMatchObject({ seq: seq + 1, isOpen: true })
      expect(await answered(floor, "joe", "k")).toBe("confirmed, replayed")
      await floor.expectAllThere()
    },
    TEST_MAX_MS,
  )

  test(
    "with other facts than the ledger stays closed and logs it once, and the other sales open",
    async () => {
      await using floor = await selling(kind)
      await floor.shop.create({ id: "other", opensAt: 0 })
      await floor.drained("other")
      const turnBack = await floor.hot.backup()
      await floor.opened(2)
      await floor.shop.bought("joe", "k")
      await floor.drained()
      // A store that was restored from a backup sells on before anybody compares it: the same number, another fact.
      await floor.stopWorkers()
      await turnBack()
      await floor.hot.openUnseen()
      expect(await answered(floor, "tim", "k")).toBe("confirmed")
      await floor.hot.restart()
      floor.work()

      await eventually("the other sale is open", async () => (await floor.head("other").catch(() => undefined))?.isOpen)
      expect(await answered(floor, "ann", "k2")).toBe("reconciling")
      expect(await answered(floor, "ann", "k", "other")).toBe("confirmed")
      await floor.drained("other")
      expect((await floor.head())!.isOpen).toBe(false)
      expect(floor.notes.count("store and ledger contradict each other")).toBe(1)
    },
    TEST_MAX_MS,
  )
})
