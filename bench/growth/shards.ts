import { RedisCluster } from "../../test/support/redis-cluster.ts"
import { alsoStop } from "../children.ts"
import { startStack } from "../stack/start.ts"
import type { GrowthRun } from "./figures.ts"
import { manySales } from "./sales.ts"
import { type Buyers, shortRun } from "./short-run.ts"

const SHARDS = [1, 3]
/** Enough for each shard to get some. */
const SALES = 12
const PLENTY = 1_000_000

/** The full stack on a Redis Cluster of so many masters, with purchases that are spread over twelve sales. */
export async function measureShards(secret: string, buyers: Buyers): Promise<GrowthRun[]> {
  const runs: GrowthRun[] = []
  for (const at of SHARDS) {
    const cluster = await RedisCluster.start(at)
    const stopCluster = alsoStop(() => cluster.stop())
    try {
      runs.push(await withShards(at, cluster, secret, buyers))
    } finally {
      await stopCluster()
    }
  }
  return runs
}

async function withShards(at: number, cluster: RedisCluster, secret: string, buyers: Buyers): Promise<GrowthRun> {
  const stack = await startStack({ secret, env: { INVENTORY_URL: cluster.url } })
  try {
    for (let sale = 1; sale <= SALES; sale++) await stack.api.createSale(`many-${sale}`, PLENTY)
    const { pathname } = new URL(stack.api.ordersUrl("many-@"))
    const target = { ...manySales(stack, SALES), url: stack.stack.publicUrl + pathname }
    const masters = cluster.servers.map(({ pid }, i) => ({ pid, name: `redis ${i + 1}` }))
    // The stack's own Redis runs as well and has nothing to do.
    const processes = async () => [...(await stack.processes()).filter(({ name }) => name !== "redis"), ...masters]
    return await shortRun("shards", at, { processes, said: () => stack.stack.logs }, target, buyers)
  } finally {
    await stack.stop()
  }
}
