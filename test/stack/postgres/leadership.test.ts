import { expect } from "bun:test"
import { join } from "node:path"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { PostgresProxy } from "../../support/postgres-proxy.ts"
import { isStopped } from "../../support/processes.ts"
import { POSTGRES } from "../../support/programs.ts"
import { bookIn, bookOf, openShop } from "../../support/stores/book.ts"

const { afterAll, beforeAll, describe, test } = needs(POSTGRES)

const DROP = { id: "drop", number: 1 }
let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

const lastMoment = (signal: AbortSignal) => eventually("the lead is lost", () => signal.aborted)

describe("one worker leads", () => {
  test("and another worker only after it has given up the lead", async () => {
    const database = await cluster.createDatabase()
    const [one, other] = [1, 2].map(() => new PostgresLedger({ url: cluster.urlAt(cluster.port, database) }))
    const first = await one!.tryLead()
    expect(await Promise.all([one!.tryLead(), other!.tryLead()])).toEqual([undefined, undefined])
    expect(first!.lost.aborted).toBe(false)
    await first![Symbol.asyncDispose]()
    const second = await eventually("the other leads", () => other!.tryLead())
    expect(await one!.tryLead()).toBeUndefined()
    await second[Symbol.asyncDispose]()
    await Promise.all([one![Symbol.asyncDispose](), other![Symbol.asyncDispose]()])
  })

  test("until its connection ends, on either side", async () => {
    const database = await cluster.createDatabase()
    await using proxy = await PostgresProxy.start(cluster.port)
    const near = new PostgresLedger({ url: cluster.urlAt(cluster.port, database) })
    const far = new PostgresLedger({ url: cluster.urlAt(proxy.port, database) })

    const cutOff = (await far.tryLead())!
    proxy.cutAll()
    await lastMoment(cutOff.lost)
    const thrownOut = await eventually("another leads", () => near.tryLead())
    await cluster.query(
      "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory' AND datname = $1",
      [database],
    )
    await lastMoment(thrownOut.lost)
    await (await eventually("another leads", () => far.tryLead()))[Symbol.asyncDispose]()
    await Promise.all([near[Symbol.asyncDispose](), far[Symbol.asyncDispose]()])
  })

  test("until it stops answering", async () => {
    const database = await cluster.createDatabase()
    await using proxy = await PostgresProxy.start(cluster.port)
    const near = new PostgresLedger({ url: cluster.urlAt(cluster.port, database) })
    const far = new PostgresLedger({ url: cluster.urlAt(proxy.port, database) })
    const silent = (await far.tryLead())!
    await proxy.once({ sent: /SELECT 1/ }, () => "hold")
    const next = await eventually("another leads", () => near.tryLead())
    await lastMoment(silent.lost)
    await next[Symbol.asyncDispose]()
    await Promise.all([near[Symbol.asyncDispose](), far[Symbol.asyncDispose]()])
  }, 60_000)
})

describe("a leader that is suspended while its page is on the way", () => {
  test("blocks no other writer, and writes nothing when the page arrives after another has begun", async () => {
    const database = await cluster.createDatabase()
    await using proxy = await PostgresProxy.start(cluster.port)
    const ledger = new PostgresLedger({ url: cluster.urlAt(cluster.port, database) })
    const [theirs, ours] = [await openShop(), await openShop()]
    for (const shop of [theirs, ours]) await shop.create()
    await ledger.append(DROP, 1, await ours.facts())
    await theirs.bought("ann", "k")
    await ours.bought("bob", "k")

    const command = [process.execPath, join(import.meta.dir, "frozen-writer.ts"), cluster.urlAt(proxy.port, database)]
    const stdin = new Blob([JSON.stringify(await theirs.facts())])
    const leader = Bun.spawn(command, { stdio: [stdin, "pipe", "inherit"] })
    try {
      await proxy.once({ sent: /write_page/ }, async () => {
        leader.kill("SIGSTOP")
        await eventually("it is stopped", () => isStopped(leader.pid))
        const next = await eventually("another leads", () => ledger.tryLead())
        await ledger.fence(DROP, 2)
        await ledger.append(DROP, 2, await ours.facts())
        await next[Symbol.asyncDispose]()
        return "pass" as const
      })
      leader.kill("SIGCONT")
      const said = (await new Response(leader.stdout).text()).trim().split("\n")
      expect(said[0]).toBe("leads")
      expect(said).toContain("lost")
      expect(said).toContain("fenced")
      expect(said).not.toContain("appended")
      expect(await bookIn(ledger)).toEqual(await bookOf(ours))
    } finally {
      leader.kill("SIGKILL")
      await leader.exited
      await ledger[Symbol.asyncDispose]()
    }
  }, 60_000)
})
