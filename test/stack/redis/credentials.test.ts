import { RedisCredentials } from "../../../src/stack/redis/credentials.ts"
import type { RedisInventory } from "../../../src/stack/redis/inventory.ts"
import { credentialContract } from "../../support/contract/credentials.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { openRedis } from "../../support/stores/redis-kinds.ts"

const suite = needs(REDIS)

const server = await suite.shared(() => RedisServer.start())
const stores: RedisInventory[] = []
suite.afterAll(async () => {
  for (const store of stores) await store[Symbol.asyncDispose]()
  await server.stop()
})

credentialContract(
  "Redis",
  async () => {
    const inventory = await openRedis({ url: server.url })
    stores.push(inventory)
    return new RedisCredentials(inventory.send)
  },
  () => server.wipe(),
  suite,
)
