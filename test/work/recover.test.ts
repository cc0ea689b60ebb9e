import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { eventually } from "../crash/eventually.ts"
import { expectAudited } from "../stores/evidence.ts"
import { Cluster } from "../support/postgres.ts"
import { Floor } from "./floor.ts"

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

/** A floor at work, with a sale of ten of which three are sold. */
async function selling(): Promise<Floor> {
  const floor = await Floor.open(cluster)
  floor.work()
  await floor.opened()
  await floor.shop.create({ opensAt: 0 })
  for (const customer of ["ann", "bob", "eve"]) await floor.shop.bought(customer, "k")
  await floor.drained()
  return floor
}

describe("a store that begins anew", () => {
  test("sells nothing and creates nothing before a worker has opened it", async () => {
    await using floor = await Floor.open(cluster)
    expect(await floor.shop.create({ opensAt: 0 })).toEqual({ outcome: "reconciling" })
    floor.work()
    await floor.opened()
    expect(await floor.shop.create({ opensAt: 0 })).toMatchObject({ outcome: "done" })
    floor.hot.restart()
    expect(await floor.shop.reserve("ann", "k")).toEqual({ outcome: "reconciling" })
    await floor.opened()
    expect(await floor.shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed" })
  })

  test("with all that it had goes on, in another epoch", async () => {
    await using floor = await selling()
    const [before] = (await floor.hot.heads()).sales
    floor.hot.restart()
    await floor.opened()
    const [after] = (await floor.hot.heads()).sales
    expect(after!.epoch).toBeGreaterThan(before!.epoch)
    expect(after!.seq).toBe(before!.seq)
    expect(await floor.ledger.cursors()).toMatchObject([{ epoch: after!.epoch }])
    expect(await floor.shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed", replayed: true })
    await floor.shop.bought("joe", "k")
    await floor.drained()
  })

  test("with more than the ledger has gives it what is missing first", async () => {
    await using floor = await Floor.open(cluster)
    floor.work()
    await floor.opened()
    await floor.stopWorkers()
    await floor.shop.create({ opensAt: 0, total: 5000, limitPerCustomer: 5000 })
    await floor.shop.batch(...Array.from({ length: 4000 }, (_, nth) => floor.shop.attempt(`c-${nth}`, "k")))
    floor.hot.restart()
    expect(await floor.ledger.cursors()).toEqual([])
    floor.work()
    await floor.opened()
    await floor.drained()
    const { store, ledger } = await floor.books()
    expect(ledger).toEqual(store)
    expect(await floor.ledger.facts("drop", 4001, 10)).toHaveLength(1)
  })

  test("with nothing left is rebuilt to exact equality, and sells on", async () => {
    await using floor = await selling()
    await floor.shop.create({ id: "other", holdSeconds: 600, opensAt: 0, limitPerCustomer: 3 })
    const held = await floor.shop.bought("ann", "k", { sale: "other", quantity: 2 })
    const confirmed = await floor.shop.bought("bob", "k", { sale: "other" })
    await floor.shop.confirm(confirmed.id)
    await floor.drained()
    await floor.drained("other")
    const before = [await floor.books(), await floor.books("other")]

    floor.hot.wipe()
    expect(await floor.shop.reserve("zoe", "k")).toEqual({ outcome: "reconciling" })
    await eventually("both are back", async () => (await floor.hot.heads()).sales.length === 2)
    await floor.opened()
    expect([await floor.books(), await floor.books("other")]).toEqual(before)
    expect((await floor.hot.sales()).map(({ number }) => number)).toEqual([1, 2])

    expect(await floor.shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed", replayed: true })
    expect(await floor.shop.reserve("ann", "k2")).toMatchObject({ outcome: "limit_reached" })
    expect(await floor.shop.confirm(held.id)).toMatchObject({ outcome: "confirmed" })
    await floor.shop.bought("zoe", "k")
    await floor.drained()
    await floor.drained("other")
    await expectAudited(floor.view, Date.now())
  })

  test("with fewer facts than the ledger, but the same ones, is rebuilt", async () => {
    await using floor = await selling()
    const backup = await floor.hot.backup()
    await floor.shop.bought("joe", "k")
    await floor.drained()
    floor.hot.turnBack(backup)
    await floor.opened()
    const { store, ledger } = await floor.books()
    expect(store).toEqual(ledger)
    expect(await floor.shop.reserve("joe", "k")).toMatchObject({ outcome: "confirmed", replayed: true })
  })

  test("with other facts than the ledger stays closed, says so once, and keeps no other sale closed", async () => {
    await using floor = await selling()
    await floor.shop.create({ id: "other", opensAt: 0 })
    await floor.drained("other")
    const backup = await floor.hot.backup()
    await floor.shop.bought("joe", "k")
    await floor.drained()
    // A store that was restored from a backup sells on before anybody compares it: the same number, another fact.
    await floor.stopWorkers()
    floor.hot.turnBack(backup)
    floor.hot.openUnseen()
    await floor.shop.bought("tim", "k")
    floor.hot.restart()
    floor.work()

    await eventually("the other sale is open", async () => (await floor.hot.heads()).sales[1]!.isOpen)
    expect(await floor.shop.reserve("ann", "k2")).toEqual({ outcome: "reconciling" })
    expect(await floor.shop.reserve("ann", "k", { sale: "other" })).toMatchObject({ outcome: "confirmed" })
    await floor.drained("other")
    expect((await floor.hot.heads()).sales.map(({ isOpen }) => isOpen)).toEqual([false, true])
    expect(floor.notes.count("store and ledger contradict each other")).toBe(1)
  })
})
