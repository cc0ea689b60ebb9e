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
  const folder = join(work, "sales")
  mkdirSync(folder)
  const runs: GrowthRun[] = []
  let made = 0
  for (const at of SALES) {
    // The sales of the step before are there when it starts; the others come now. A second start finds all of them.
    await withSystem(folder, secret, async ({ api }) => {
      for (; made < at; made++) await api.createSale(`many-${made + 1}`, PLENTY)
    })
    const from = performance.now()
    await withSystem(folder, secret, async system => {
      const startSeconds = (performance.now() - from) / 1000
      const target = manySales(system, at)
      runs.push(await shortRun("sales", at, system, target, buyers, { startSeconds }))
    })
  }
  rmSync(folder, { recursive: true })
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
