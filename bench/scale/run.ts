import { cpSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type Embedded, REPLICAS, startEmbedded } from "../embedded/start.ts"
import { mint } from "../load/customers.ts"
import { memory } from "../measure/proc.ts"
import { say } from "../progress.ts"
import { three, whole } from "../report/numbers.ts"
import { type Filled, type Latecomers, measureCosts, mintLatecomers } from "./cost.ts"
import type { Costs, ScaleFigures } from "./figures.ts"
import { preload, refuse } from "./preload.ts"

const ORDERS_SMALL = 1_000

/**
 * Compares a system with a million orders, after a million attempts per replica, with a system of a thousand orders.
 */
export async function measureScale(
  work: string,
  secret: string,
  orders: number,
  rounds: number,
): Promise<ScaleFigures> {
  const none = (): Costs => ({ fresh: [], warm: [] })
  const figures: ScaleFigures = { orders, attempts: 0, residentMb: {}, small: none(), large: none() }
  const large = await fill(work, secret, orders, async system => {
    const crowd = await mint(work, "passer-by", secret, 10_000, 1)
    figures.attempts = orders + (await refuse(system, crowd, REPLICAS * orders - orders))
    for (const { pid, name } of await system.processes()) figures.residentMb[name] = Math.round(memory(pid).residentMb)
    say(`scale      after ${whole(figures.attempts)} attempts: ${JSON.stringify(figures.residentMb)} MB`)
  })
  const small = await fill(work, secret, ORDERS_SMALL)
  for (let round = 1; round <= rounds; round++) {
    const late = await mintLatecomers(work, secret, round)
    const turns = [
      () => measureOnCopy(work, small, secret, late, figures.small),
      () => measureCosts(large, secret, late, figures.large),
    ]
    for (const turn of round % 2 === 1 ? turns : turns.toReversed()) await turn()
    say(`scale ${round}/${rounds}  small ${tell(figures.small)}  large ${tell(figures.large)}`)
  }
  return figures
}

/** Fills a new folder through the API. `then` runs before the system stops. */
async function fill(
  work: string,
  secret: string,
  orders: number,
  then?: (system: Embedded) => Promise<void>,
): Promise<Filled> {
  const folder = join(work, `orders-${orders}`)
  mkdirSync(folder)
  const system = await startEmbedded({ folder, secret })
  try {
    const saleId = await preload(system, work, secret, orders)
    await then?.(system)
    return { folder, saleId }
  } finally {
    await system.stop()
  }
}

/** The small system begins every round with the same thousand orders. */
async function measureOnCopy(
  work: string,
  small: Filled,
  secret: string,
  late: Latecomers,
  costs: Costs,
): Promise<void> {
  const folder = join(work, "copy")
  cpSync(small.folder, folder, { recursive: true })
  await measureCosts({ ...small, folder }, secret, late, costs)
  rmSync(folder, { recursive: true })
}

function tell({ fresh, warm }: Costs): string {
  const [first, second] = [fresh.at(-1)!, warm.at(-1)!]
  const cpu = `${three(first.cpuMicrosecondsEach)}, warm ${three(second.cpuMicrosecondsEach)} µs CPU each`
  return `${whole(first.orders)} orders: ${whole(first.perSecond)}/s, warm ${whole(second.perSecond)}/s, ${cpu}`
}
