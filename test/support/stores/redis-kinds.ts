import type { HotInventory } from "../../../src/core/ports/hot-inventory.ts"
import type { Millis } from "../../../src/core/sale.ts"
import { RedisInventory, type RedisOptions } from "../../../src/stack/redis/inventory.ts"
import { type Need, REDIS, VALKEY_IMAGE } from "../programs.ts"
import { RedisServer } from "../redis.ts"
import { RedisCluster } from "../redis-cluster.ts"
import { RedisSentinel } from "../redis-sentinel.ts"
import { valkeyImage } from "../valkey.ts"
import { TestClock } from "./clocks.ts"
import type { Kind, Store } from "./store.ts"

/** Shorter than the time between two reads of a sale, so that tests of admin commands are fast. Tests of the lease have their own. */
export const LEASE_MS = 10

/** Servers that one kind of store runs on. */
export interface Site {
  url: string
  wipe(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** What a worker does after it has found store and ledger equal. */
export async function openGates(inventory: HotInventory): Promise<void> {
  const { sales, isOpen } = await inventory.heads()
  for (const head of sales) {
    if (!head.isOpen) await inventory.open(head, await inventory.nextEpoch(head))
  }
  if (!isOpen) await inventory.openList()
  await inventory.heads()
}

export async function openRedis(options: RedisOptions): Promise<RedisInventory> {
  const inventory = new RedisInventory({ leaseMs: LEASE_MS, ...options })
  inventory.start()
  await inventory.connected()
  await openGates(inventory)
  return inventory
}

/** One site serves one store after the other. */
function kindOf(name: string, start: () => Promise<Site>, ...needs: Need[]): Kind {
  let starting: Promise<Site> | undefined
  const open = async (begin: Millis): Promise<Store> => {
    starting ??= start()
    const site = await starting
    await site.wipe()
    const clock = new TestClock(begin)
    const openHere = () => openRedis({ url: site.url, clock })
    let inventory = await openHere()
    return {
      get inventory() {
        return inventory
      },
      setClock: now => clock.set(now),
      stepClock: ms => clock.step(ms),
      async restart() {
        await site.restart()
        await inventory[Symbol.asyncDispose]()
        inventory = await openHere()
      },
      close: () => inventory[Symbol.asyncDispose](),
    }
  }
  return { name, needs, open, end: async () => (await starting)?.stop() }
}

export const redis = () => kindOf("Redis", () => RedisServer.start(), REDIS)
export const redisCluster = () => kindOf("Redis Cluster", () => RedisCluster.start(), REDIS)
export const redisSentinel = () => kindOf("Redis through Sentinel", () => RedisSentinel.start(), REDIS)
export const valkey = () => kindOf("Valkey", () => RedisServer.start({ image: valkeyImage() }), VALKEY_IMAGE)

export const REDIS_KINDS: (() => Kind)[] = [redis, redisCluster, redisSentinel, valkey]
