import { expect, test } from "bun:test"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { administrator, readyNodes } from "../../support/node.ts"
import { isGone } from "../../support/processes.ts"
import { System } from "../../support/system.ts"
import { expectAllWell } from "../../support/verdict.ts"

const ROLLS = effort(5, 1)
const STOPS = effort(3, 1)
const RATE = 400

test("SIGHUP replaces every replica under load and loses no purchase", async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  await system.createSale("rolling", { total: 100_000 })
  const crowd = new Crowd(system.url, "rolling", { rate: RATE })
  await eventually("buyers are answered", () => crowd.answered > RATE)

  const seconds: number[] = []
  for (let roll = 1; roll <= ROLLS; roll++) {
    const before = await readyNodes(client)
    const since = performance.now()
    system.signal("SIGHUP")
    await eventually("every process is another one", async () => {
      const after = await readyNodes(client)
      return after.every(({ restarts }) => restarts === roll) && before.every(({ pid }) => isGone(pid))
    })
    seconds.push((performance.now() - since) / 1000)
    const after = await readyNodes(client)
    expect(after.filter(({ pid }) => before.some(node => node.pid === pid))).toEqual([])
  }

  const { answered, healed } = await expectAllWell(crowd, httpSources(client).of("rolling"))
  const slowest = Math.max(...seconds).toFixed(2)
  console.log(`  ${ROLLS} rolls, ${slowest} s at most; ${answered} buyers answered, ${healed} healed by a retry`)
  crowd.deleteHistory()
}, 90_000)

test("SIGTERM under load ends everything with exit code 0 and loses no order", async () => {
  for (let stop = 1; stop <= STOPS; stop++) {
    const system = await System.start({ env: { DEMO: "0" } })
    const restart = () => System.start({ port: system.port, dataDir: system.dataDir, env: { DEMO: "0" } })
    await system.createSale("stopping", { total: 100_000 })
    const crowd = new Crowd(system.url, "stopping", { rate: RATE })
    await eventually("buyers are answered", () => crowd.answered > RATE)
    const tree = await system.processTree()
    const since = performance.now()
    system.signal("SIGTERM")
    expect(await system.exited).toBe(0)
    const ms = Math.round(performance.now() - since)
    expect(tree.filter(pid => !isGone(pid))).toEqual([])
    expect(system.printed).not.toContain("rror")

    await using again = await restart()
    const { answered, healed } = await expectAllWell(crowd, httpSources(administrator(again)).of("stopping"))
    console.log(`  ended after ${ms} ms; ${answered} buyers answered, ${healed} requests healed by a retry`)
    crowd.deleteHistory()
    await again.stop()
    await system.stop()
  }
}, 90_000)
