import { expect } from "bun:test"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { administrator } from "../../support/node.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { NativeStack } from "../../support/stack.ts"
import { expectAllWell } from "../../support/verdict.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

/** Kills one of three replicas every two seconds. */
const EVERY_MS = 2000
const KILLS = effort(15, 5)
const RATE = 150

test("given three replicas, when one is killed every two seconds, no buyer sees an error", async () => {
  await using stack = await NativeStack.start({ nginx: true })
  await stack.createSale("kills", { total: 100_000 })
  const crowd = new Crowd(stack.publicUrl, "kills", { rate: RATE })
  await eventually("buyers are answered", () => crowd.answered > RATE)
  for (let kill = 0; kill < KILLS; kill++) {
    const next = performance.now() + EVERY_MS
    const victim = Math.floor(Math.random() * stack.replicas.length)
    await stack.replicas[victim]!.kill()
    stack.replicas[victim]!.start()
    // The promise covers one dead replica at a time, so this one must be ready before the next dies.
    await stack.ready()
    await Bun.sleep(Math.max(0, next - performance.now()))
  }
  const client = administrator({ url: stack.url, dataDir: stack.folder })
  const { answered, healed } = await expectAllWell(crowd, httpSources(client).of("kills"))
  const refused = crowd.reports.flatMap(report => Object.keys(report.refused))
  const errors = await errorsIn(crowd)
  console.log(`  ${KILLS} kills, ${answered} buyers answered, ${errors} of them after an error`)
  expect([errors, healed, refused]).toEqual([0, 0, []])
  crowd.deleteHistory()
}, 180_000)

/** The number of requests that got a 5xx answer or none. */
async function errorsIn(crowd: Crowd): Promise<number> {
  let count = 0
  for await (const line of crowd.history()) {
    if (line.type === "invoke") continue
    if (line.type === "info" || (line.status ?? 0) >= 500) count++
  }
  return count
}
