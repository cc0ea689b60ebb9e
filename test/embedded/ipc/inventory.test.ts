import { describe, expect, test } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { IpcInventory } from "../../../src/embedded/ipc/inventory.ts"
import { type Call, REPLY_MAX_MS, type ToReplica, type ToSupervisor } from "../../../src/embedded/ipc/protocol.ts"
import { NoticePublisher } from "../../../src/embedded/ipc/publisher.ts"
import { IpcServer } from "../../../src/embedded/ipc/server.ts"
import { FakeTime } from "../../support/fake-time.ts"
import { NO_FLEET, NO_RECORDS } from "../../support/no-fleet.ts"
import { MemoryInventory } from "../../support/stores/memory-inventory.ts"

const nodes = {
  ...NO_FLEET,
  kill: async (nodeId: string) => nodeId === "node-1",
  metrics: async () => "text",
}

/** The replica's end of a connection. Its messages are collected in `sent`. */
function replica() {
  const sent: ToSupervisor[] = []
  const time = new FakeTime()
  const inventory = new IpcInventory({ send: message => void sent.push(message) }, time)
  return { sent, inventory, time }
}

async function answerOf(inventory: MemoryInventory, method: string, ...args: unknown[]): Promise<ToReplica> {
  const server = new IpcServer(inventory, nodes, NO_RECORDS, new NoticePublisher(inventory))
  const { promise, resolve } = Promise.withResolvers<ToReplica>()
  void server.answer({ send: resolve }, { type: "call", id: 7, method, args } as unknown as Call)
  return promise
}

describe("a replica's inventory", () => {
  test("gives each reply to its own call, whatever the order of the replies", async () => {
    const { sent, inventory } = replica()
    const calls = [inventory.order("A1-0000"), inventory.order("A2-0000")]
    expect(sent.map(message => message.type === "call" && message.args)).toEqual([["A1-0000"], ["A2-0000"]])
    expect(inventory.receive({ type: "reply", id: 2, value: { id: "A2-0000" } })).toBe(true)
    inventory.receive({ type: "reply", id: 1, value: null })
    inventory.receive({ type: "reply", id: 1, value: { id: "twice" } })
    expect(await Promise.all(calls)).toEqual([undefined, { id: "A2-0000" }] as never)
  })

  test("rejects with the fault of the store, and with its certainty", async () => {
    const { inventory } = replica()
    const calls = [inventory.decide([]), inventory.decide([])]
    inventory.receive({ type: "fault", id: 1, message: "The disk is full.", certain: true })
    inventory.receive({ type: "fault", id: 2, message: "Who knows.", certain: false })
    const [one, other] = await Promise.allSettled(calls)
    expect(one).toEqual({ status: "rejected", reason: new InventoryFault("The disk is full.", true) })
    expect((one as PromiseRejectedResult).reason.certain).toBe(true)
    expect((other as PromiseRejectedResult).reason.certain).toBe(false)
  })

  test("once closed, reports calls under way as unknown and sends no more", async () => {
    const { sent, inventory } = replica()
    const underWay = inventory.decide([])
    await inventory[Symbol.asyncDispose]()
    expect(await underWay.catch((fault: InventoryFault) => fault.certain)).toBe(false as never)
    expect(await inventory.decide([]).catch((fault: InventoryFault) => fault.certain)).toBe(true as never)
    expect(sent).toHaveLength(1)
  })

  test("gives up a read that gets no reply as certainly without effect, and a change as unknown", async () => {
    const { inventory, time } = replica()
    const calls = [inventory.sales(), inventory.call("kill", "node-1")].map(call =>
      call.catch((fault: InventoryFault) => fault.certain),
    )
    await time.advance(REPLY_MAX_MS.read - 1)
    expect(time.pending).toBe(2)
    await time.advance(1)
    expect(time.pending).toBe(1)
    await time.advance(REPLY_MAX_MS.change - REPLY_MAX_MS.read)
    expect(await Promise.all(calls)).toEqual([true, false] as never)
    inventory.receive({ type: "reply", id: 1, value: "too late" })
  })

  test("leaves no timer once a reply has come", async () => {
    const { inventory, time } = replica()
    const call = inventory.sales()
    inventory.receive({ type: "reply", id: 1, value: [] })
    expect(await call).toEqual([])
    expect(time.pending).toBe(0)
  })

  test("does not handle other messages", () => {
    const { inventory } = replica()
    expect(inventory.receive({ type: "begin", systemId: "one" })).toBe(false)
    expect(inventory.receive({ type: "drain" })).toBe(false)
  })
})

describe("an IPC server", () => {
  test("answers for the inventory and for the nodes", async () => {
    const inventory = new MemoryInventory()
    expect(await answerOf(inventory, "sales")).toEqual({ type: "reply", id: 7, value: [] })
    expect(await answerOf(inventory, "order", "A1-0000")).toEqual({ type: "reply", id: 7, value: null })
    expect(await answerOf(inventory, "kill", "node-1")).toEqual({ type: "reply", id: 7, value: true })
    expect(await answerOf(inventory, "metrics")).toEqual({ type: "reply", id: 7, value: "text" })
  })

  test("answers a fault of the store as a fault", async () => {
    const inventory = new MemoryInventory()
    await inventory[Symbol.asyncDispose]()
    const fault = { type: "fault", id: 7, message: "The store is closed.", certain: true } as const
    expect(await answerOf(inventory, "decide", [])).toEqual(fault)
  })

  test("runs no other method", async () => {
    for (const method of ["close", "watch", "constructor", "none"]) {
      const { type } = await answerOf(new MemoryInventory(), method)
      expect([method, type]).toEqual([method, "fault"])
    }
  })
})
