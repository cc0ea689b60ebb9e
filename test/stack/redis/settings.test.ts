import { expect } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { RedisInventory } from "../../../src/stack/redis/inventory.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { openGates } from "../../support/stores/redis-kinds.ts"
import { freePort } from "../../support/system.ts"

const { afterAll, beforeEach, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
beforeEach(() => server.wipe())
afterAll(() => server.stop())

/** The fault of a store that cannot be used. Every call fails with the same sentence. */
async function refusalOf(inventory: RedisInventory, pattern: RegExp): Promise<string> {
  const sentence = await eventually(`the store says ${pattern}: ${inventory.fault}`, () =>
    pattern.test(inventory.fault ?? "") ? inventory.fault : undefined,
  )
  const attempt = { kind: "confirm", orderId: "A1-0000" } as const
  const fault = await inventory.decide([attempt]).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(InventoryFault)
  expect((fault as InventoryFault).certain).toBe(true)
  expect((fault as InventoryFault).message).toBe(sentence)
  expect(sentence).toMatch(/^[A-Z].*\.$/)
  expect(sentence.split("\n")).toHaveLength(1)
  return sentence
}

const WRONG: [name: string, wrong: string, right: string][] = [
  ["appendonly", "no", "yes"],
  ["appendfsync", "everysec", "always"],
  ["no-appendfsync-on-rewrite", "yes", "no"],
  ["maxmemory-policy", "allkeys-lru", "noeviction"],
]

describe("a store with unsafe settings", () => {
  for (const [name, wrong, right] of WRONG) {
    test(`${name} ${wrong} is refused until it is ${right}`, async () => {
      await server.command("CONFIG", "SET", name, wrong)
      const inventory = new RedisInventory({ url: server.url })
      inventory.start()
      const sentence = await refusalOf(inventory, /"/)
      expect(sentence).toBe(
        `The store's ${name} is "${wrong}": set "${name} ${right}" in redis.conf and start it again.`,
      )
      await server.command("CONFIG", "SET", name, right)
      await inventory.connected()
      await openGates(inventory)
      expect(await inventory.sales()).toEqual([])
      await inventory[Symbol.asyncDispose]()
    })
  }

  test("is checked again after each connect", async () => {
    const inventory = new RedisInventory({ url: server.url })
    inventory.start()
    await inventory.connected()
    expect(inventory.fault).toBeUndefined()
    await server.restart({ appendfsync: "no" })
    await refusalOf(inventory, /appendfsync/)
    await server.restart()
    await eventually("it is connected again", () => inventory.fault === undefined)
    await inventory[Symbol.asyncDispose]()
  })

  test("given a wrong or a missing password, the fault says so", async () => {
    const guarded = await RedisServer.start({ settings: { requirepass: "the right one" } })
    const { port } = guarded
    for (const user of ["", ":wrong@"]) {
      const inventory = new RedisInventory({ url: `redis://${user}127.0.0.1:${port}` })
      inventory.start()
      const sentence = await refusalOf(inventory, /password/)
      expect(sentence).toBe("The store refuses the user name or password of INVENTORY_URL.")
      await inventory[Symbol.asyncDispose]()
    }
    const options = { url: `redis://:wrong@127.0.0.1:${port}`, password: "the right one" }
    const inventory = new RedisInventory(options)
    inventory.start()
    await inventory.connected()
    await inventory[Symbol.asyncDispose]()
    await guarded.stop()
  })

  test("given a user without permission to read the settings, the fault says so", async () => {
    await server.command("ACL", "SETUSER", "shop", "on", ">secret", "~*", "+@all", "-config")
    const inventory = new RedisInventory({ url: `redis://shop:secret@127.0.0.1:${server.port}` })
    inventory.start()
    const sentence = await refusalOf(inventory, /ACL/)
    expect(sentence).toBe("The store's ACL forbids CONFIG GET: allow +config|get, so that its settings can be checked.")
    await server.command("ACL", "SETUSER", "shop", "+config|get")
    await inventory.connected()
    await inventory[Symbol.asyncDispose]()
    await server.command("ACL", "DELUSER", "shop")
  })

  test("a replica", async () => {
    const replica = await RedisServer.start()
    await replica.command("REPLICAOF", "127.0.0.1", String(server.port))
    const inventory = new RedisInventory({ url: replica.url })
    inventory.start()
    expect(await refusalOf(inventory, /replica/)).toBe("The store is a replica, and its master is elsewhere.")
    await inventory[Symbol.asyncDispose]()
    await replica.stop()
  })

  test("no server at the address", async () => {
    const inventory = new RedisInventory({ url: `redis://127.0.0.1:${await freePort()}` })
    inventory.start()
    expect(await refusalOf(inventory, /cannot be reached/)).toMatch(
      /^The store at 127\.0\.0\.1:\d+ cannot be reached: .*\.$/,
    )
    await inventory[Symbol.asyncDispose]()
  })

  test("given Sentinels without the master or a cluster without cluster mode, the fault says so", async () => {
    const sentinel = new RedisInventory({ url: `redis+sentinel://127.0.0.1:${server.port}/main` })
    sentinel.start()
    expect(await refusalOf(sentinel, /Sentinels/)).toMatch(/^The store's Sentinels cannot be asked: .*\.$/)
    await sentinel[Symbol.asyncDispose]()
    const cluster = new RedisInventory({ url: `redis+cluster://127.0.0.1:${server.port}` })
    cluster.start()
    const fault = (await eventually("it says so", async () => {
      const error = await cluster.decide([{ kind: "confirm", orderId: "A1-0000" }]).catch((error: Error) => error)
      return error instanceof InventoryFault && error.message.includes("cannot be read") && error
    })) as InventoryFault
    expect([fault.certain, fault.message]).toEqual([
      true,
      expect.stringMatching(/^The store's cluster cannot be read: .*\.$/),
    ])
    await cluster[Symbol.asyncDispose]()
  })

  test("given an inventory that was not started, it does not connect", async () => {
    await using idle = new RedisInventory({ url: server.url })
    // Two others connect meanwhile, one after the other: it would have had the time.
    for (let other = 0; other < 2; other++) {
      await using started = new RedisInventory({ url: server.url })
      started.start()
      await started.connected()
    }
    expect(idle.fault).toBe("The store is not connected yet.")
  })

  test("given an unknown URL scheme, the constructor throws", () => {
    expect(() => new RedisInventory({ url: "http://127.0.0.1" })).toThrow(InventoryFault)
  })
})
