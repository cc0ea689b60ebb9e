import type { Target } from "../contender.ts"
import { type Embedded, startEmbedded } from "../embedded/start.ts"
import { type Customers, mint } from "../load/customers.ts"
import { drive } from "../load/wrk.ts"
import { memory } from "../measure/proc.ts"
import { measureTarget, settled } from "../measure/run.ts"
import type { Cost, OrdersPoint } from "./figures.ts"
import { refuse } from "./preload.ts"

const WARM_UP_ATTEMPTS = 40_000
/** Short, so that a small system stays small. */
const MEASURE_SECONDS = 1
const WARM_UP_SECONDS = 2
/** More than two cores can sell per second, so that no customer of a run comes twice. */
const CUSTOMERS_PER_SECOND = 60_000
const CONNECTIONS = 64

/** A data folder and the sale in it that has the orders. */
export interface Filled {
  folder: string
  saleId: string
  isCopy?: boolean
}

/** Buyers who have not bought from either system yet. */
export interface Latecomers {
  fresh: Customers
  between: Customers
  warm: Customers
}

export async function mintLatecomers(work: string, secret: string, round: number): Promise<Latecomers> {
  const late = (name: string, seconds: number) =>
    mint(work, `late-${round}-${name}`, secret, seconds * CUSTOMERS_PER_SECOND, 1)
  return {
    fresh: await late("fresh", MEASURE_SECONDS),
    between: await late("between", WARM_UP_SECONDS),
    warm: await late("warm", MEASURE_SECONDS),
  }
}

/**
 * Restarts the system, warms it up with refusals, which write nothing, and then buys in the sale that has the orders.
 */
export async function measureCosts(
  filled: Filled,
  secret: string,
  late: Latecomers,
  point: OrdersPoint,
): Promise<void> {
  const from = performance.now()
  const system = await startEmbedded({ ...filled, secret })
  point.startSeconds.push((performance.now() - from) / 1000)
  try {
    await refuse(system, late.between, WARM_UP_ATTEMPTS)
    point.fresh.push(await cost(system, filled.saleId, late.fresh))
    const target = await sellMore(system, filled.saleId)
    await drive(target, late.between, { connections: CONNECTIONS, seconds: WARM_UP_SECONDS })
    point.warm.push(await cost(system, filled.saleId, late.warm))
    point.residentMb = await residentMb(system)
  } finally {
    await system.stop()
  }
}

/** The resident memory of each process. */
export async function residentMb({ processes }: Pick<Embedded, "processes">): Promise<Record<string, number>> {
  return Object.fromEntries((await processes()).map(({ pid, name }) => [name, Math.round(memory(pid).residentMb)]))
}

async function cost(system: Embedded, saleId: string, customers: Customers): Promise<Cost> {
  const plan = { round: 0, contender: "embedded", kind: "accepted", connections: CONNECTIONS } as const
  const { orders, ...target } = await sellMore(system, saleId)
  const run = await measureTarget(system, target, customers, { ...plan, seconds: MEASURE_SECONDS })
  return { orders, perSecond: run.perSecond, p99Ms: run.p99Ms, cpuMicrosecondsEach: run.cpuPer1000 * 1000 }
}

async function sellMore({ api }: Embedded, saleId: string): Promise<Target & { orders: number }> {
  const orders = (await settled({ sold: () => api.sold(saleId) }))!
  const sold = async () => (await api.sold(saleId)) - orders
  return { orders, url: api.ordersUrl(saleId), body: api.purchase, sold }
}
