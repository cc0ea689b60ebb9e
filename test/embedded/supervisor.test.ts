import { describe, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { isGone } from "../support/processes.ts"
import { TestSupervisor } from "./test-supervisor.ts"

/** A process that was ready for this long is replaced without a pause. */
const STABLE_MS = 1_000

describe("a start", () => {
  test("one ready replica is enough; the other one is tried again, more and more slowly", async () => {
    await using system = new TestSupervisor(2)
    system.now("well")
    system.now("ends", "node-2")
    await system.supervisor.start()
    expect((await system.node()).state).toBe("ready")
    await eventually("node-2 has been tried four times", () => system.delays.length === 4)
    expect(system.delays).toEqual([100, 200, 400, 800])
    system.now("well", "node-2")
    await system.ready(undefined, 1)
  })

  test("a replica that always ends fails the start in one sentence after three attempts, and is tried again until a stop", async () => {
    await using system = new TestSupervisor(1)
    system.now("ends")
    await expect(system.supervisor.start()).rejects.toThrow(
      /^No replica could start; node-1 ended last \(exit code 7\)\.$/,
    )
    expect(system.delays).toHaveLength(3)
    await eventually("it has been tried four times", () => system.delays.length === 4)
    expect(system.delays).toEqual([100, 200, 400, 800])
    expect(await system.node()).toMatchObject({ state: "down", restarts: 3, lastExit: "exit code 7" })
  })

  test("messages that make no sense change nothing", async () => {
    await using system = new TestSupervisor(1)
    system.now("babbles")
    await system.supervisor.start()
    expect(await system.ready()).toMatchObject({ restarts: 0 })
    expect(await system.supervisor.allMetrics()).toBe("\n")
  })

  test("a replica that says why it cannot start is quoted", async () => {
    await using system = new TestSupervisor(2)
    system.now("fails")
    await expect(system.supervisor.start()).rejects.toThrow(
      /^No replica could start; node-[12] ended last \(the port is taken\)\.$/,
    )
    expect((await system.node()).lastExit).toBe("the port is taken")
  })

  test("a missing program fails the start in one sentence, and is tried again", async () => {
    await using system = new TestSupervisor(1, ["/there/is/no/such/program"])
    await expect(system.supervisor.start()).rejects.toThrow(
      /^No replica could start; node-1 ended last \(could not be started: .+\)\.$/,
    )
    expect(system.delays).toEqual([100, 200, 400])
  })

  test("replicas that are killed from outside do not fail the start, however often", async () => {
    await using system = new TestSupervisor(2)
    system.now("never ready")
    const killBoth = () => Promise.all(["node-1", "node-2"].map(id => system.supervisor.kill(id)))
    const started = system.supervisor.start()
    await eventually("each has been killed four times or so", async () => {
      await killBoth()
      return system.delays.length >= 8
    })
    system.now("well")
    await killBoth()
    await started
    await system.ready()
  })

  test("a replica that is ready and ends at once is tried again", async () => {
    await using system = new TestSupervisor(1)
    system.now("ready, then ends")
    await system.supervisor.start()
    await eventually("it has been tried three times", () => system.delays.length === 3)
    expect(system.delays).toEqual([100, 200, 400])
  })

  test("a stop before every replica is ready leaves no process", async () => {
    await using system = new TestSupervisor(3)
    system.now("well")
    const started = system.supervisor.start()
    await system.supervisor.stop()
    expect(system.pids).toEqual([])
    await started.catch(() => {})
  })
})

describe("after the start", () => {
  test("a replica that was ready for a while is replaced at once when it is killed", async () => {
    await using system = new TestSupervisor(1)
    system.now("well")
    await system.supervisor.start()
    const before = await system.node()
    system.skip(STABLE_MS)
    expect(await system.supervisor.kill("node-1")).toBe(true)
    const after = await system.ready(({ pid }) => pid !== before.pid)
    expect(system.delays).toEqual([0])
    expect(after).toMatchObject({ restarts: 1, lastExit: "killed by SIGKILL" })
    expect(await system.supervisor.kill("node-9")).toBe(false)
  })

  test("a replica that no longer starts is tried again until it does start", async () => {
    await using system = new TestSupervisor(1)
    system.now("well")
    await system.supervisor.start()
    system.skip(STABLE_MS)
    system.now("ends")
    await system.supervisor.kill("node-1")
    await eventually("it has been tried twice", () => system.delays.length === 3)
    expect(system.delays).toEqual([0, 100, 200])
    system.now("well")
    expect(await system.ready()).toMatchObject({ restarts: 3 })
    expect(system.pids).toHaveLength(1)
  })

  test.each(["mute", "deaf"] as const)(
    "a %s replica, which sends no heartbeats, is killed and replaced",
    async behaviour => {
      await using system = new TestSupervisor(2)
      system.now(behaviour)
      await system.supervisor.start()
      const before = await system.supervisor.nodes()
      system.now("well")
      await eventually("both are gone", () => before.every(({ pid }) => isGone(pid!)))
      const after = await system.ready(({ restarts }) => restarts === 1)
      expect(after.lastExit).toBe("killed by SIGKILL")
    },
  )

  test("an unreachable replica delays an answer only until it is killed", async () => {
    await using system = new TestSupervisor(1)
    system.now("deaf")
    await system.supervisor.start()
    const price = { amount: 1, currency: "IDR" }
    const sale = { id: "shoe", name: "shoe", opensAt: 0, limitPerCustomer: 1, description: "" }
    const items = [{ sku: "shoe", name: "shoe", price, total: 0 }]
    const create = { kind: "create", sale: { ...sale, checkout: "instant", items } } as const
    const restock = { kind: "restock", saleId: "shoe", sku: "shoe", units: 1 } as const
    const answers = await system.inventory.decide([create, restock])
    expect(answers.map(({ outcome }) => outcome)).toEqual(["done", "done"])
  })
})

describe("a roll", () => {
  test("replaces every process, one at a time", async () => {
    await using system = new TestSupervisor(3)
    system.now("well")
    await system.supervisor.start()
    const before = system.pids
    await system.supervisor.roll()
    expect(before.filter(pid => !isGone(pid))).toEqual([])
    const nodes = await system.supervisor.nodes()
    expect(nodes.map(({ state, restarts }) => `${state} ${restarts}`)).toEqual(["ready 1", "ready 1", "ready 1"])
    expect(system.pids.sort()).toEqual(nodes.map(({ pid }) => pid!).sort())
  })

  test("of one node, which is a drain, leaves the other nodes alone", async () => {
    await using system = new TestSupervisor(3)
    system.now("well")
    await system.supervisor.start()
    const before = await system.supervisor.nodes()
    expect(await system.supervisor.drain("node-2")).toBe(true)
    const drained = await eventually("node-2 is another process", async () => {
      const node = await system.node(1)
      return node.state === "ready" && node.pid !== before[1]!.pid && node
    })
    expect(drained.restarts).toBe(1)
    const after = await system.supervisor.nodes()
    expect([after[0]!.pid, after[2]!.pid]).toEqual([before[0]!.pid, before[2]!.pid])
    await eventually("its predecessor has ended", () => !system.pids.includes(before[1]!.pid!))
    expect(await system.supervisor.drain("node-9")).toBe(false)
  })

  test("to a program that does not start leaves every replica in place", async () => {
    await using system = new TestSupervisor(2)
    system.now("well")
    await system.supervisor.start()
    const before = await system.supervisor.nodes()
    system.now("ends")
    await expect(system.supervisor.roll()).rejects.toThrow(/^node-1 ended before it was ready/)
    await eventually("the roll is over", async () => (await system.node()).state === "ready")
    expect(await system.supervisor.nodes()).toMatchObject(before.map(({ pid }) => ({ pid, state: "ready" })))
    expect(system.pids).toHaveLength(2)
  })

  test("waits for the roll before it", async () => {
    await using system = new TestSupervisor(2)
    system.now("well")
    await system.supervisor.start()
    await Promise.all([system.supervisor.roll(), system.supervisor.roll()])
    expect(await system.supervisor.nodes()).toMatchObject([{ restarts: 2 }, { restarts: 2 }])
    expect(system.pids).toHaveLength(2)
  })

  test("replaces a node that waits for its next start, once", async () => {
    await using system = new TestSupervisor(1)
    system.now("well")
    await system.supervisor.start()
    system.now("ends")
    await system.supervisor.kill("node-1")
    await eventually("it waits", () => system.delays.length === 3)
    system.now("well")
    await system.supervisor.roll()
    await Bun.sleep(2 * system.delays.at(-1)!)
    expect(system.pids).toEqual([(await system.node()).pid!])
  })

  test("that a stop interrupts leaves no process", async () => {
    await using system = new TestSupervisor(2)
    system.now("well")
    await system.supervisor.start()
    const roll = system.supervisor.roll().catch(() => {})
    await eventually("both generations run", () => system.pids.length === 3)
    await system.supervisor.stop()
    await roll
    expect(system.pids).toEqual([])
  })
})
