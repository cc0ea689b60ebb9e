import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { randomMoment } from "../../support/moments.ts"
import { administrator, median } from "../../support/node.ts"
import { PaymentService } from "../../support/payment-service.ts"
import { isGone, killAll, processesOf } from "../../support/processes.ts"
import { freePort, System } from "../../support/system.ts"
import { expectAllWell } from "../../support/verdict.ts"

const CRASHES = effort(20, 3)
const RATE = 150
/** The system is killed when this many more buyers have been answered, and a random moment later. */
const ANSWERS = 50
const MOMENT_MAX_MS = 300

let dataDir: string
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "doorbuster-tree-"))
})
afterAll(() => {
  killAll(processesOf(dataDir))
  rmSync(dataDir, { recursive: true, force: true })
})

test("the whole system is killed again and again while an instant and a hold sale sell: no order is lost", async () => {
  const port = await freePort()
  const restart = () => System.start({ port, dataDir, env: { DEMO: "0" } })
  let system = await restart()
  const client = administrator(system)
  const total = CRASHES * RATE
  await system.createSale("instant", { total })
  await system.createSale("hold", { total, checkout: "hold", holdSeconds: 5 })
  const crowds = ["instant", "hold"].map(sale => new Crowd(system.url, sale, { rate: RATE }))
  const payments = new PaymentService(system.url, client, "hold")

  const outages: number[] = []
  for (let crash = 0; crash < CRASHES; crash++) {
    const before = answered(crowds)
    await eventually("buyers are answered", () => answered(crowds) >= before + ANSWERS)
    await randomMoment(MOMENT_MAX_MS)
    const tree = await system.processTree()
    expect(tree.length).toBe(5)
    const killedAt = performance.now()
    killAll(tree)
    await eventually("every process is gone", () => tree.every(isGone))
    expect(processesOf(dataDir)).toEqual([])
    system = await restart()
    outages.push(performance.now() - killedAt)
  }
  await payments.stop()

  for (const [at, sale] of ["instant", "hold"].entries()) {
    const { answered, won, healed } = await expectAllWell(crowds[at]!, httpSources(client).of(sale))
    console.log(`  ${sale}: ${answered} buyers answered, ${won} orders, ${healed} requests healed by a retry`)
    crowds[at]!.deleteHistory()
  }
  expect(await payments.contradictions()).toEqual([])
  expect(await system.stop()).toBe(0)
  const slowest = Math.round(Math.max(...outages))
  console.log(
    `  ${CRASHES} crashes; open again after ${Math.round(median(outages))} ms (median), ${slowest} ms at most`,
  )
}, 150_000)

function answered(crowds: Crowd[]): number {
  return crowds.reduce((sum, crowd) => sum + crowd.answered, 0)
}
