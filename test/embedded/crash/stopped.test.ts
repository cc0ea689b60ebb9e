import { expect, test } from "bun:test"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { REPLICA_HUNG_MS } from "../../../src/embedded/ipc/protocol.ts"
import { Crowd } from "../../support/crowd.ts"
import { eventually } from "../../support/eventually.ts"
import { administrator, readyNodes, replaced } from "../../support/node.ts"
import { System } from "../../support/system.ts"
import { expectAllWell } from "../../support/verdict.ts"

const RATE = 200
/** Short, so that a buyer whose replica is suspended soon tries another one. */
const TIMEOUT_MS = 1_000

test("a replica that is suspended for longer than its heartbeat allows is killed and replaced", async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  await system.createSale("stopped", { total: 100_000 })
  const crowd = new Crowd(system.url, "stopped", { rate: RATE, timeoutMs: TIMEOUT_MS })
  await eventually("buyers are answered", () => crowd.answered > RATE)

  const [victim] = await readyNodes(client)
  const stoppedAt = performance.now()
  process.kill(victim!.pid, "SIGSTOP")
  const { node, ms } = await replaced(client, victim!, stoppedAt, `${victim!.id} is killed`)
  expect(node).toMatchObject({ restarts: 1, lastExit: "killed by SIGKILL" })
  expect(ms).toBeGreaterThan(REPLICA_HUNG_MS / 2)

  const { answered, healed } = await expectAllWell(crowd, httpSources(client).of("stopped"))
  expect(healed).toBeGreaterThan(0)
  expect(system.printed).toContain("replica hung; killing it")
  console.log(
    `  replaced after ${Math.round(ms)} ms; ${answered} buyers answered, ${healed} requests healed by a retry`,
  )
  crowd.deleteHistory()
}, 60_000)

test("while the supervisor is suspended nothing is sold, and afterwards it kills no replica", async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  await system.createSale("paused", { total: 100_000 })
  const crowd = new Crowd(system.url, "paused", { rate: RATE, timeoutMs: TIMEOUT_MS })
  await eventually("buyers are answered", () => crowd.answered > RATE)

  const before = await readyNodes(client)
  const [, supervisor] = await system.processTree()
  process.kill(supervisor!, "SIGSTOP")
  await Bun.sleep(1.5 * REPLICA_HUNG_MS)
  process.kill(supervisor!, "SIGCONT")
  const answered = crowd.answered
  await eventually("buyers are answered again", () => crowd.answered > answered + RATE)
  // A kill for missing heartbeats would happen within this time.
  await Bun.sleep(1.25 * REPLICA_HUNG_MS)
  const after = await readyNodes(client)
  expect(after.map(({ pid, restarts }) => ({ pid, restarts }))).toEqual(before.map(({ pid }) => ({ pid, restarts: 0 })))

  const { healed } = await expectAllWell(crowd, httpSources(client).of("paused"))
  expect(healed).toBeGreaterThan(0)
  crowd.deleteHistory()
}, 60_000)

test("an administrator gets an answer although a replica is suspended, and that replica does not refuse from outdated memory", async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  await system.createSale("changed", { total: 1 })
  const crowd = new Crowd(system.url, "changed", { rate: 100, timeoutMs: TIMEOUT_MS })
  await eventually("buyers are answered", () => crowd.answered > 100)

  const [victim] = await readyNodes(client)
  process.kill(victim!.pid, "SIGSTOP")
  const stoppedAt = performance.now()
  const restocked = await eventually("the restock is answered", () =>
    system
      .admin<{ items: { total: number }[] }>("POST", "/sales/changed/items/changed/restock", { units: 50 })
      .catch(() => undefined),
  )
  expect(restocked.items[0]!.total).toBeGreaterThan(50)
  await replaced(client, victim!, stoppedAt, `${victim!.id} is killed`)
  await eventually("all is sold", async () => (await client.sale("changed")).items[0]!.free === 0)
  await expectAllWell(crowd, httpSources(client).of("changed"))
  crowd.deleteHistory()
}, 60_000)
