import { expect } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { openShop } from "./shops.ts"

const { afterAll, describe, shared, test } = needs(REDIS)

const master = await shared(() => RedisServer.start())
const replica = await shared(() => RedisServer.start())
afterAll(() => Promise.all([master.stop(), replica.stop()]))

describe("with acknowledgement by a Redis replica required", () => {
  test("answers and replays wait for it, and without it the outcome is unknown", async () => {
    await replica.command("REPLICAOF", "127.0.0.1", String(master.port))
    await eventually("the replica follows", async () =>
      String(await master.command("INFO", "replication")).includes("state=online"),
    )
    const shop = await openShop({ url: master.url, acknowledgements: 1 })
    await shop.create({ total: 3 })
    await shop.bought("ann", "k1")
    // WAIT only waits for the writes of its own connection, and this one has written nothing yet.
    const fresh = await openShop({ url: master.url, acknowledgements: 1 })
    await replica.pause()
    for (const [asked, name] of [
      [shop, "bob"],
      [fresh, "ann"],
    ] as const) {
      const fault = await asked.reserve(name, "k1").catch((error: unknown) => error)
      expect(fault).toBeInstanceOf(InventoryFault)
      const { certain, message } = fault as InventoryFault
      expect([certain, message]).toEqual([false, "Only 0 replicas of the store have acknowledged."])
    }
    await replica.resume()
    const retried = await eventually("the same key resolves it", () => shop.reserve("bob", "k1").catch(() => undefined))
    expect(retried).toMatchObject({ outcome: "confirmed", replayed: true })
    await Promise.all([shop.inventory[Symbol.asyncDispose](), fresh.inventory[Symbol.asyncDispose]()])
  })
})
