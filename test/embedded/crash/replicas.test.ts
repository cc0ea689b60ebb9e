import { expect, test } from "bun:test"
import { randomInt } from "node:crypto"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { effort } from "../../support/effort.ts"
import { randomMoment } from "../../support/moments.ts"
import { administrator, killNode, median, type Ready, readyNodes } from "../../support/node.ts"
import { PaymentService } from "../../support/payment-service.ts"
import { System } from "../../support/system.ts"
import { expectAllWell } from "../../support/verdict.ts"

const KILLS = effort(100, 10, 1_000)
/** A slow machine needs seconds to start a replica. */
const TEST_MAX_MS = 120_000 + KILLS * 6_000
const RATE = 200
const PAUSE_MAX_MS = 150
/** In every seventh round all replicas die at once. */
const MASSACRE_EVERY = 7
const YOUNG_EVERY = 4
const GROWN_MS = 1_500

test(
  "replicas are killed again and again while an instant and a hold sale sell: no order is lost",
  async () => {
    await using system = await System.start({ env: { DEMO: "0" } })
    const client = administrator(system)
    await system.createSale("instant", { total: KILLS * 80 })
    await system.createSale("hold", { total: KILLS * 80, checkout: "hold", holdSeconds: 5 })
    const crowds = ["instant", "hold"].map(sale => new Crowd(system.url, sale, { rate: RATE }))
    const payments = new PaymentService(system.url, client, "hold")

    const recoveries: number[] = []
    for (let round = 1; recoveries.length < KILLS; round++) {
      const nodes = await readyNodes(client)
      const victims = victimsOf(nodes, round).slice(0, KILLS - recoveries.length)
      const killed = await Promise.all(victims.map(node => killNode(client, node)))
      for (const [at, { node, ms }] of killed.entries()) {
        recoveries.push(ms)
        expect(node).toMatchObject({ restarts: victims[at]!.restarts + 1, lastExit: "killed by SIGKILL" })
      }
      await randomMoment(PAUSE_MAX_MS)
    }
    await payments.stop()

    for (const [at, sale] of ["instant", "hold"].entries()) {
      const { answered, won, healed } = await expectAllWell(crowds[at]!, httpSources(client).of(sale))
      console.log(`  ${sale}: ${answered} buyers answered, ${won} orders, ${healed} requests healed by a retry`)
      crowds[at]!.deleteHistory()
    }
    expect(await payments.contradictions()).toEqual([])
    expect(payments.answered.size).toBeGreaterThan(0)
    const slowest = Math.round(Math.max(...recoveries))
    console.log(
      `  ${KILLS} kills; ready again after ${Math.round(median(recoveries))} ms (median), ${slowest} ms at most`,
    )
  },
  TEST_MAX_MS,
)

/** Prefers a replica that has run for a while, because one that ends early again and again restarts more and more slowly. */
function victimsOf(nodes: Ready[], round: number): Ready[] {
  if (round % MASSACRE_EVERY === 0) return nodes
  const grown = nodes.filter(({ startedAt }) => Date.now() - Date.parse(startedAt) > GROWN_MS)
  const choice = grown.length > 0 && round % YOUNG_EVERY !== 0 ? grown : nodes
  return [choice[randomInt(choice.length)]!]
}
