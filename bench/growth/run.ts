import { cpSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { openSale, startEmbedded } from "../embedded/start.ts"
import { mint } from "../load/customers.ts"
import type { Options } from "../options.ts"
import { say } from "../progress.ts"
import { three, whole } from "../report/numbers.ts"
import { measureBatches } from "./batches.ts"
import { type Filled, measureCosts, mintLatecomers, residentMb } from "./cost.ts"
import type { GrowthFigures, OrdersPoint } from "./figures.ts"
import { preload, refuse } from "./preload.ts"
import { measureReplicas } from "./replicas.ts"
import { measureSales } from "./sales.ts"
import { measureShards } from "./shards.ts"
import { mintBuyers } from "./short-run.ts"

const ORDERS_MIN = 1_000
const STEP = 10
/** Attempts that the largest system answers, for each of its orders, before its memory is read. */
const ATTEMPTS_PER_ORDER = 2

interface Stage {
  filled: Filled
  point: OrdersPoint
}

/** How cost, memory and start grow with orders, sales, replicas, batches and shards. */
export async function measureGrowth(
  work: string,
  secret: string,
  { orders, growthRounds: rounds, only }: Pick<Options, "orders" | "growthRounds" | "only">,
): Promise<GrowthFigures> {
  const stages: Stage[] = []
  const found = await fill(work, secret, orders, stages)
  for (let round = 1; round <= rounds; round++) {
    const late = await mintLatecomers(work, secret, round)
    for (const { filled, point } of round % 2 === 1 ? stages : stages.toReversed()) {
      if (point.orders === orders) await measureCosts(filled, secret, late, point)
      else await onCopy(work, filled, copy => measureCosts(copy, secret, late, point))
      say(`growth ${round}/${rounds}  ${tell(point)}`)
    }
  }
  const points = stages.map(({ point }) => point)
  const buyers = await mintBuyers(work, secret)
  const growth = [
    ...(await measureSales(work, secret, buyers)),
    ...(await measureReplicas(work, secret, buyers)),
    ...(only.includes("stack") ? await measureBatches(rounds) : []),
    ...(only.includes("stack") ? await measureShards(secret, buyers) : []),
  ]
  return { orders, ...found, points, growth, small: points[0]!, large: points.at(-1)! }
}

/** Ten times as many orders from stage to stage, made through the API; each stage but the last is kept as a copy. */
async function fill(work: string, secret: string, orders: number, stages: Stage[]) {
  const folder = join(work, "orders")
  mkdirSync(folder)
  let saleId = ""
  for (let count = ORDERS_MIN; ; count = Math.min(orders, count * STEP)) {
    const system = await startEmbedded({ folder, secret })
    let attempts = count
    try {
      if (saleId === "") saleId = (await openSale(system.api, "accepted")).saleId
      await preload(system, work, secret, saleId, count)
      if (count === orders) {
        const crowd = await mint(work, "passer-by", secret, 10_000, 1)
        attempts += await refuse(system, crowd, (ATTEMPTS_PER_ORDER - 1) * orders)
        const found = { attempts, residentMb: await residentMb(system) }
        say(`growth     after ${whole(attempts)} attempts: ${JSON.stringify(found.residentMb)} MB`)
        stages.push({ filled: { folder, saleId }, point: pointOf(count) })
        return found
      }
    } finally {
      await system.stop()
    }
    const copy = join(work, `orders-${count}`)
    cpSync(folder, copy, { recursive: true })
    stages.push({ filled: { folder: copy, saleId }, point: pointOf(count) })
  }
}

const pointOf = (orders: number): OrdersPoint => ({ orders, fresh: [], warm: [], startSeconds: [], residentMb: {} })

/** A smaller system begins every round with the same orders. */
async function onCopy(work: string, filled: Filled, then: (copy: Filled) => Promise<void>): Promise<void> {
  const folder = join(work, "copy")
  cpSync(filled.folder, folder, { recursive: true })
  await then({ ...filled, folder, isCopy: true })
  rmSync(folder, { recursive: true })
}

function tell({ orders, fresh, warm, startSeconds }: OrdersPoint): string {
  const [first, second] = [fresh.at(-1)!, warm.at(-1)!]
  const cpu = `${three(first.cpuMicrosecondsEach)}, warm ${three(second.cpuMicrosecondsEach)} µs CPU each`
  return `${whole(orders)} orders: start ${three(startSeconds.at(-1)!)} s, ${whole(first.perSecond)}/s, warm ${whole(second.perSecond)}/s, ${cpu}`
}
