import { RedisInventory, type RedisOptions } from "../../../src/stack/redis/inventory.ts"
import { TestClock } from "../../support/stores/clocks.ts"
import { openGates, openRedis } from "../../support/stores/redis-kinds.ts"
import { OPENS, Shop } from "../../support/stores/shop.ts"

/** A shop on an empty Redis. Its clock only moves when the test moves it. */
export async function openShop(options: RedisOptions): Promise<Shop & { inventory: RedisInventory }> {
  return shopOf(clock => openRedis({ clock, ...options }))
}

/** The same shop with all gates closed. */
export async function openClosedShop(options: RedisOptions): Promise<Shop & { inventory: RedisInventory }> {
  return shopOf(async clock => {
    const inventory = new RedisInventory({ clock, leaseMs: 10, ...options })
    inventory.start()
    await inventory.connected()
    return inventory
  })
}

async function shopOf(
  open: (clock: TestClock) => Promise<RedisInventory>,
): Promise<Shop & { inventory: RedisInventory }> {
  const clock = new TestClock(OPENS)
  const inventory = await open(clock)
  const store = {
    inventory,
    setClock: (now: number) => clock.set(now),
    stepClock: (ms: number) => clock.step(ms),
    close: () => inventory[Symbol.asyncDispose](),
  }
  return new Shop(store, OPENS) as Shop & { inventory: RedisInventory }
}

export { openGates }
