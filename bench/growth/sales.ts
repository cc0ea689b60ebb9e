import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Target } from "../contender.ts"
import { type Embedded, startEmbedded } from "../embedded/start.ts"
import type { GrowthRun } from "./figures.ts"
import { type Buyers, shortRun } from "./short-run.ts"

const SALES = [1, 10, 100, 1_000]
const PLENTY = 1_000_000

/** Purchases that are spread over all the sales of an embedded system. */
export async function measureSales(work: string, secret: string, buyers: Buyers): Promise<GrowthRun[]> {
  const runs: GrowthRun[] = []
  for (const at of SALES) {
    const folder = join(work, `sales-${at}`)
    mkdirSync(folder)
    await withSystem(folder, secret, async ({ api }) => {
      for (let sale = 1; sale <= at; sale++) await api.createSale(`many-${sale}`, PLENTY)
    })
    // The second start finds the sales in its file.
    const from = performance.now()
    await withSystem(folder, secret, async system => {
      const startSeconds = (performance.now() - from) / 1000
      runs.push(await shortRun("sales", at, system, manySales(system, at), buyers, { startSeconds }))
    })
    rmSync(folder, { recursive: true })
  }
  return runs
}

/** Every attempt goes to the next sale in turn. */
export function manySales({ api }: Pick<Embedded, "api">, count: number): Target {
  const ids = Array.from({ length: count }, (_, i) => `many-${i + 1}`)
  const sold = async () => {
    let sum = 0
    for (const id of ids) sum += await api.sold(id)
    return sum
  }
  return { url: api.ordersUrl("many-@"), spread: count, body: api.purchase, sold }
}

async function withSystem(folder: string, secret: string, then: (system: Embedded) => Promise<void>): Promise<void> {
  const system = await startEmbedded({ folder, secret })
  try {
    await then(system)
  } finally {
    await system.stop()
  }
}
