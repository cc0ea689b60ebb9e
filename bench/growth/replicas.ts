import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { startEmbedded } from "../embedded/start.ts"
import type { GrowthRun } from "./figures.ts"
import { type Buyers, shortRun } from "./short-run.ts"

const REPLICAS = [1, 2, 4, 8]

/** The embedded system with more and more replicas on the same machine. */
export async function measureReplicas(work: string, secret: string, buyers: Buyers): Promise<GrowthRun[]> {
  const runs: GrowthRun[] = []
  for (const at of REPLICAS) {
    const folder = join(work, `replicas-${at}`)
    mkdirSync(folder)
    const from = performance.now()
    const system = await startEmbedded({ folder, secret, replicas: at })
    try {
      const startSeconds = (performance.now() - from) / 1000
      runs.push(await shortRun("replicas", at, system, await system.open("accepted"), buyers, { startSeconds }))
    } finally {
      await system.stop()
    }
    rmSync(folder, { recursive: true })
  }
  return runs
}
