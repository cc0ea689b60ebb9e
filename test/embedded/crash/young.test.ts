import { expect, test } from "bun:test"
import { randomInt } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { momentAfter } from "../../support/moments.ts"
import { administrator, readyNodes } from "../../support/node.ts"
import { isGone, killAll, processesOf } from "../../support/processes.ts"
import { freePort, System } from "../../support/system.ts"
import { expectAllWell } from "../../support/verdict.ts"

const KILLS = effort(100, 12)
const KILLS_PER_START = 4
/** From the start of the first replica. */
const YOUNG_MS = 2_000
const OPENING_MS = 300
const RATE = 200

test(`${KILLS} kills of replicas in the first two seconds of a start: it opens all the same, and no order is lost`, async () => {
  const port = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), "doorbuster-young-"))
  const start = () => System.launch({ port, dataDir, env: { DEMO: "0" } })
  try {
    let system = await start()
    await system.open()
    const client = administrator(system)
    await system.createSale("young", { total: 100_000 })
    const crowd = new Crowd(system.url, "young", { rate: RATE })
    let early = 0
    for (let kills = 0; kills < KILLS; ) {
      expect(await system.stop()).toBe(0)
      system = await start()
      const supervisor = await eventually("a supervisor runs", async () => (await system.processTree())[1])
      await eventually("a replica runs", async () => (await replicasOf(system)).length > 0)
      const since = performance.now()
      for (const moment of moments()) {
        await momentAfter(since, moment)
        const replicas = await replicasOf(system)
        if (replicas.length === 0) continue
        killAll([replicas[randomInt(replicas.length)]!])
        kills++
        if (!system.printed.includes("Ctrl-C")) early++
      }
      await system.open()
      await readyNodes(client)
      expect(system.isRunning && !isGone(supervisor)).toBe(true)
    }
    const { answered, healed } = await expectAllWell(crowd, httpSources(client).of("young"))
    expect(early).toBeGreaterThan(0)
    expect(await system.stop()).toBe(0)
    console.log(
      `  ${early} of ${KILLS} kills before it was open; ${answered} buyers answered, ${healed} healed by a retry`,
    )
    crowd.deleteHistory()
  } finally {
    killAll(processesOf(dataDir))
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 300_000)

/** The times of the kills, in order. The first one of each start is usually before the system is open. */
function moments(): number[] {
  const later = Array.from({ length: KILLS_PER_START - 1 }, () => YOUNG_MS * Math.random())
  return [OPENING_MS * Math.random(), ...later].sort((one, other) => one - other)
}

async function replicasOf(system: System): Promise<number[]> {
  const [, , ...replicas] = await system.processTree()
  return replicas.filter(pid => !isGone(pid))
}
