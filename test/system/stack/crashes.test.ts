import { expect } from "bun:test"
import { randomInt } from "node:crypto"
import type { AdminClient } from "../../../src/cli/admin-client.ts"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { Crowd } from "../../support/crowd.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { administrator, median, readyNodes, replaced } from "../../support/node.ts"
import { PaymentService } from "../../support/payment-service.ts"
import { isGone, killAll } from "../../support/processes.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { NativeStack } from "../../support/stack.ts"
import { expectAllWell } from "../../support/verdict.ts"

const { afterAll, beforeAll, test } = needs(REDIS, POSTGRES, NGINX)

const RATE = 200
const KILLS = effort(12, 4)
const OUTAGES = effort(3, 1)
const AGAIN = ["overloaded", "reconciling"]
/** Answers that each crowd must get while the ledger is down. Buyers must not notice. */
const ANSWERS_MEANWHILE = 100

let stack: NativeStack
let client: AdminClient
beforeAll(async () => {
  stack = await NativeStack.start({ nginx: true, keep: true })
  client = administrator({ url: stack.url, dataDir: stack.folder })
}, 90_000)
afterAll(() => stack.stop(), 30_000)

/** The number of answers that were lost, unknown, or 503. */
async function noticed(crowd: Crowd): Promise<number> {
  let count = 0
  for await (const line of crowd.history()) {
    if (line.type === "info" || (line.type === "fail" && AGAIN.includes(line.code ?? ""))) count++
  }
  return count
}

/**
 * Buyers of an instant and of a hold sale while things break, then the audit of both with their history. Returns how
 * many answers were none.
 */
async function underLoad(name: string, breakThings: (crowds: Crowd[]) => Promise<void>): Promise<number> {
  const sales = [`${name}-instant`, `${name}-hold`]
  await stack.createSale(sales[0]!, { total: 100_000 })
  await stack.createSale(sales[1]!, { total: 100_000, checkout: "hold", holdSeconds: 5 })
  const crowds = sales.map(sale => new Crowd(stack.url, sale, { rate: RATE }))
  const payments = new PaymentService(stack.url, client, sales[1]!)
  let unanswered = 0
  try {
    const isBusy = () => payments.answered.size > 0 && crowds.every(crowd => crowd.answered > RATE / 2)
    await eventually("buyers are answered, and some have paid", isBusy)
    await breakThings(crowds)
    const answered = crowds.map(crowd => crowd.answered)
    await eventually("buyers are answered again", () =>
      crowds.every((crowd, at) => crowd.answered > answered[at]! + RATE),
    )
    // On a slow machine the ledger may never catch up while its worker is being killed.
    await eventually("the payment service has answers", () => payments.answered.size > 0)
    await payments.stop()
    for (const [at, sale] of sales.entries()) {
      const { answered, won, healed } = await expectAllWell(crowds[at]!, httpSources(client).of(sale))
      unanswered += await noticed(crowds[at]!)
      console.log(`  ${sale}: ${answered} buyers answered, ${won} orders, ${healed} requests healed by a retry`)
    }
    expect(await payments.contradictions()).toEqual([])
  } catch (error) {
    console.log(stack.logs)
    throw error
  } finally {
    await Promise.allSettled([payments.stop(), ...crowds.map(crowd => crowd.stop())])
    for (const crowd of crowds) crowd.deleteHistory()
  }
  return unanswered
}

test("given repeated kills of a replica, every buyer still gets an answer", async () => {
  const recoveries: number[] = []
  const unanswered = await underLoad("replica", async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const nodes = (await readyNodes(client)).filter(({ pid }) => !isGone(pid))
      const victim = nodes[randomInt(nodes.length)]!
      const since = performance.now()
      process.kill(victim.pid, "SIGKILL")
      recoveries.push((await replaced(client, victim, since, `${victim.id} ends after SIGKILL`)).ms)
    }
  })
  console.log(`  ${KILLS} kills; seen ready again after ${Math.round(median(recoveries))} ms (median)`)
  expect(unanswered).toBe(0)
}, 180_000)

test("when every replica is replaced by SIGHUP, every buyer still gets an answer", async () => {
  const unanswered = await underLoad("rolling", async () => {
    for (const { name, pid } of stack.replicas) {
      const [before] = (await readyNodes(client)).filter(({ id }) => id === name)
      process.kill(pid, "SIGHUP")
      await replaced(client, before!, performance.now(), `${name} ends after SIGHUP`)
    }
  })
  expect(unanswered).toBe(0)
}, 180_000)

test("SIGTERM ends every replica with exit code 0, and no acknowledged order is lost", async () => {
  await underLoad("stopping", async () => {
    expect(await Promise.all(stack.replicas.map(replica => replica.stop()))).toEqual([0, 0, 0])
    for (const replica of stack.replicas) replica.start()
    await stack.ready()
  })
}, 180_000)

test("after Redis is killed and restarted with its data, selling continues and no order is lost", async () => {
  await underLoad("redis", async crowds => {
    for (let outage = 1; outage <= OUTAGES; outage++) {
      await stack.redis.kill()
      stack.redis.start()
      const answered = crowds.map(crowd => crowd.answered)
      const since = performance.now()
      await eventually("it sells again", () => crowds.every((crowd, at) => crowd.answered > answered[at]!))
      console.log(`  buyers are answered again after ${Math.round(performance.now() - since)} ms`)
      await eventually("it sells for a while", () => crowds.every((crowd, at) => crowd.answered > answered[at]! + RATE))
    }
  })
}, 180_000)

test("after the worker is killed, its successor takes over", async () => {
  await underLoad("worker", async () => {
    const { pid: keeper } = stack.worker
    const child = async () => Number(await Bun.file(`/proc/${keeper}/task/${keeper}/children`).text()) || undefined
    for (let kill = 1; kill <= KILLS; kill++) {
      const pid = await eventually("a worker runs", child)
      process.kill(pid, "SIGKILL")
      await eventually("it is gone", () => isGone(pid))
      await eventually("another one leads", () =>
        fetch(`${stack.workerUrl}/readyz`)
          .then(({ ok }) => ok)
          .catch(() => false),
      )
    }
  })
}, 180_000)

test("while PostgreSQL is down, selling continues, and the ledger catches up afterwards", async () => {
  await underLoad("postgres", async crowds => {
    for (let outage = 1; outage <= OUTAGES; outage++) {
      await stack.postgres.kill()
      const answered = crowds.map(crowd => crowd.answered)
      await eventually("every crowd is answered while it is away", () =>
        crowds.every((crowd, at) => crowd.answered > (answered[at] ?? 0) + ANSWERS_MEANWHILE),
      )
      await stack.postgres.start()
    }
  })
}, 180_000)

test("after Redis, PostgreSQL and the worker are killed at once, no order is lost", async () => {
  await underLoad("all", async () => {
    const nodes = await readyNodes(client)
    await Promise.all([stack.redis.kill(), stack.postgres.kill()])
    killAll(nodes.map(({ pid }) => pid))
    stack.redis.start()
    await stack.postgres.start()
    await stack.ready()
  })
}, 180_000)
