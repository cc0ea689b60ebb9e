import { expect } from "bun:test"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { REDIS, VALKEY_IMAGE } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { valkeyImage } from "../../support/valkey.ts"
import { openClosedShop, openShop } from "./shops.ts"

/*
 * The kind: a change that the server tells nobody of. It tells of the keys that a client has read: Redis of all that a function was
 * called with, Valkey of those alone that the function did read.
 */
const SERVERS = [
  { name: "Redis", need: REDIS, start: () => RedisServer.start() },
  { name: "Valkey", need: VALKEY_IMAGE, start: () => RedisServer.start({ image: valkeyImage() }) },
]

for (const { name, need, start } of SERVERS) {
  needs(need).test(
    `given ${name}, a gate that was read as closed is read again once it is open, by who opened it and by others`,
    async () => {
      const server = await start()
      const { url } = server
      const before = await openShop({ url })
      await before.create({ total: 3 })
      await before.inventory[Symbol.asyncDispose]()
      await server.restart()
      const near = await openClosedShop({ url })
      const far = await openClosedShop({ url })
      for (const { inventory } of [near, far]) expect(await inventory.heads()).toMatchObject({ isOpen: false })
      const { sales } = await near.inventory.heads()
      expect(await near.inventory.open(sales[0]!, await near.inventory.nextEpoch(sales[0]!))).toBe(true)
      // Both know the sale as it is, and only the list is closed.
      for (const { inventory } of [near, far]) {
        await eventually("the sale is open", async () => (await inventory.heads()).sales[0]?.isOpen)
        expect(await inventory.heads()).toMatchObject({ isOpen: false })
      }
      await near.inventory.openList()
      expect(await near.inventory.heads()).toMatchObject({ isOpen: true, sales: [{ isOpen: true }] })
      await eventually("the other hears", async () => (await far.inventory.heads()).isOpen)
      for (const { inventory } of [near, far]) await inventory[Symbol.asyncDispose]()
      await server.stop()
    },
  )
}
