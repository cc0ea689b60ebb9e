import { describe, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { isGone } from "../support/processes.ts"
import { Company } from "./company.ts"

/** A process that lived this long was well. */
const STABLE_MS = 1_000

describe("at the start", () => {
  test("one ready replica is enough; the other one is tried again, more and more slowly", async () => {
    await using company = new Company(2)
    company.now("well")
    company.now("ends", "node-2")
    await company.supervisor.start()
    expect((await company.node()).state).toBe("ready")
    await eventually("node-2 has been tried four times", () => company.delays.length === 4)
    expect(company.delays).toEqual([100, 200, 400, 800])
    company.now("well", "node-2")
    await company.ready(undefined, 1)
  })

  test("a replica that always ends fails the start in one sentence after three attempts, and is tried again until a stop", async () => {
    await using company = new Company(1)
    company.now("ends")
    await expect(company.supervisor.start()).rejects.toThrow(
      /^No replica could start; node-1 ended last \(exit code 7\)\.$/,
    )
    expect(company.delays).toHaveLength(3)
    await eventually("it has been tried four times", () => company.delays.length === 4)
    expect(company.delays).toEqual([100, 200, 400, 800])
    expect(await company.node()).toMatchObject({ state: "down", restarts: 3, lastExit: "exit code 7" })
  })

  test("a replica that says why it cannot start is quoted", async () => {
    await using company = new Company(2)
    company.now("fails")
    await expect(company.supervisor.start()).rejects.toThrow(
      /^No replica could start; node-[12] ended last \(the port is taken\)\.$/,
    )
    expect((await company.node()).lastExit).toBe("the port is taken")
  })

  test("a missing program fails the start in one sentence, and is tried again", async () => {
    await using company = new Company(1, ["/there/is/no/such/program"])
    await expect(company.supervisor.start()).rejects.toThrow(
      /^No replica could start; node-1 ended last \(could not be started: .+\)\.$/,
    )
    expect(company.delays).toEqual([100, 200, 400])
  })

  test("replicas that are killed from outside do not fail the start, however often", async () => {
    await using company = new Company(2)
    company.now("never ready")
    const killBoth = () => Promise.all(["node-1", "node-2"].map(id => company.supervisor.kill(id)))
    const started = company.supervisor.start()
    await eventually("each has been killed four times or so", async () => {
      await killBoth()
      return company.delays.length >= 8
    })
    company.now("well")
    await killBoth()
    await started
    await company.ready()
  })

  test("a replica that is ready and ends at once is tried again", async () => {
    await using company = new Company(1)
    company.now("ready, then ends")
    await company.supervisor.start()
    await eventually("it has been tried three times", () => company.delays.length === 3)
    expect(company.delays).toEqual([100, 200, 400])
  })

  test("nothing is left when it stops before everyone is ready", async () => {
    await using company = new Company(3)
    company.now("well")
    const started = company.supervisor.start()
    await company.supervisor.stop()
    expect(company.pids).toEqual([])
    await started.catch(() => {})
  })
})

describe("later", () => {
  test("a replica that was well for a while is replaced at once", async () => {
    await using company = new Company(1)
    company.now("well")
    await company.supervisor.start()
    const before = await company.node()
    company.skip(STABLE_MS)
    expect(await company.supervisor.kill("node-1")).toBe(true)
    const after = await company.ready(({ pid }) => pid !== before.pid)
    expect(company.delays).toEqual([0])
    expect(after).toMatchObject({ restarts: 1, lastExit: "killed by SIGKILL" })
    expect(await company.supervisor.kill("node-9")).toBe(false)
  })

  test("a replica that no longer starts is tried again until it does", async () => {
    await using company = new Company(1)
    company.now("well")
    await company.supervisor.start()
    company.skip(STABLE_MS)
    company.now("ends")
    await company.supervisor.kill("node-1")
    await eventually("it has been tried twice", () => company.delays.length === 3)
    expect(company.delays).toEqual([0, 100, 200])
    company.now("well")
    expect(await company.ready()).toMatchObject({ restarts: 3 })
    expect(company.pids).toHaveLength(1)
  })

  test.each(["mute", "deaf"] as const)("a replica that is %s is killed and replaced", async behaviour => {
    await using company = new Company(2)
    company.now(behaviour)
    await company.supervisor.start()
    const before = await company.supervisor.nodes()
    company.now("well")
    await eventually("both are gone", () => before.every(({ pid }) => isGone(pid!)))
    const after = await company.ready(({ restarts }) => restarts === 1)
    expect(after.lastExit).toBe("killed by SIGKILL")
  })

  test("whoever cannot be told of a change does not keep others from hearing of it", async () => {
    await using company = new Company(1)
    company.now("deaf")
    await company.supervisor.start()
    const price = { amount: 1, currency: "IDR" }
    const sale = { id: "shoe", name: "shoe", opensAt: 0, limitPerCustomer: 1, description: "" }
    const items = [{ sku: "shoe", name: "shoe", price, total: 0 }]
    const create = { kind: "create", sale: { ...sale, checkout: "instant", items } } as const
    const restock = { kind: "restock", saleId: "shoe", sku: "shoe", units: 1 } as const
    const answers = await company.inventory.decide([create, restock])
    expect(answers.map(({ outcome }) => outcome)).toEqual(["done", "done"])
  })
})

describe("a roll", () => {
  test("replaces every process, one at a time", async () => {
    await using company = new Company(3)
    company.now("well")
    await company.supervisor.start()
    const before = company.pids
    await company.supervisor.roll()
    expect(before.filter(pid => !isGone(pid))).toEqual([])
    const nodes = await company.supervisor.nodes()
    expect(nodes.map(({ state, restarts }) => `${state} ${restarts}`)).toEqual(["ready 1", "ready 1", "ready 1"])
    expect(company.pids.sort()).toEqual(nodes.map(({ pid }) => pid!).sort())
  })

  test("of one node leaves the others alone: a drain", async () => {
    await using company = new Company(3)
    company.now("well")
    await company.supervisor.start()
    const before = await company.supervisor.nodes()
    expect(await company.supervisor.drain("node-2")).toBe(true)
    const drained = await eventually("node-2 is another process", async () => {
      const node = await company.node(1)
      return node.state === "ready" && node.pid !== before[1]!.pid && node
    })
    expect(drained.restarts).toBe(1)
    const after = await company.supervisor.nodes()
    expect([after[0]!.pid, after[2]!.pid]).toEqual([before[0]!.pid, before[2]!.pid])
    await eventually("its predecessor has ended", () => !company.pids.includes(before[1]!.pid!))
    expect(await company.supervisor.drain("node-9")).toBe(false)
  })

  test("to something that does not start leaves everyone where they were", async () => {
    await using company = new Company(2)
    company.now("well")
    await company.supervisor.start()
    const before = await company.supervisor.nodes()
    company.now("ends")
    await expect(company.supervisor.roll()).rejects.toThrow(/^node-1 ended before it was ready/)
    await eventually("the roll is over", async () => (await company.node()).state === "ready")
    expect(await company.supervisor.nodes()).toMatchObject(before.map(({ pid }) => ({ pid, state: "ready" })))
    expect(company.pids).toHaveLength(2)
  })

  test("waits for the roll before it", async () => {
    await using company = new Company(2)
    company.now("well")
    await company.supervisor.start()
    await Promise.all([company.supervisor.roll(), company.supervisor.roll()])
    expect(await company.supervisor.nodes()).toMatchObject([{ restarts: 2 }, { restarts: 2 }])
    expect(company.pids).toHaveLength(2)
  })

  test("replaces a node that waits for its next start, once", async () => {
    await using company = new Company(1)
    company.now("well")
    await company.supervisor.start()
    company.now("ends")
    await company.supervisor.kill("node-1")
    await eventually("it waits", () => company.delays.length === 3)
    company.now("well")
    await company.supervisor.roll()
    await Bun.sleep(2 * company.delays.at(-1)!)
    expect(company.pids).toEqual([(await company.node()).pid!])
  })

  test("that is cut short by a stop leaves nobody", async () => {
    await using company = new Company(2)
    company.now("well")
    await company.supervisor.start()
    const roll = company.supervisor.roll().catch(() => {})
    await eventually("both generations run", () => company.pids.length === 3)
    await company.supervisor.stop()
    await roll
    expect(company.pids).toEqual([])
  })
})
