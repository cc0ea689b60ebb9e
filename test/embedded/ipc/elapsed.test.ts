import { expect, test } from "bun:test"
import type { Answer, Reserve } from "../../../src/core/command.ts"
import { IpcInventory } from "../../../src/embedded/ipc/inventory.ts"
import type { ToReplica, ToSupervisor } from "../../../src/embedded/ipc/protocol.ts"
import { NoticePublisher } from "../../../src/embedded/ipc/publisher.ts"
import { IpcServer } from "../../../src/embedded/ipc/server.ts"
import { systemTime } from "../../../src/runtime/time.ts"
import { NO_FLEET, NO_RECORDS } from "../../support/no-fleet.ts"
import { TestClock } from "../../support/stores/clocks.ts"
import { MemoryInventory } from "../../support/stores/memory-inventory.ts"
import { newSale, OPENS } from "../../support/stores/shop.ts"

// The elapsed times of two processes begin at different moments, and either process may be frozen.

/** A supervisor whose elapsed time is far ahead of its replica's. Calls wait until the test delivers them. */
async function connected() {
  const clock = new TestClock(OPENS)
  let elapsed = 12
  const store = new MemoryInventory(clock)
  await store.decide([{ kind: "create", sale: newSale({ total: 9 }) }])
  const publisher = new NoticePublisher(store, {
    ...systemTime,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
  })
  const server = new IpcServer(store, NO_FLEET, NO_RECORDS, publisher)
  const calls: ToSupervisor[] = []
  const replica = new IpcInventory(
    { send: message => void calls.push(message) },
    { ...systemTime, monotonic: () => elapsed },
  )
  const port = { send: (message: ToReplica) => void replica.receive(message) }
  const deliver = async () => {
    for (const call of calls.splice(0)) if (call.type === "call") await server.answer(port, call)
  }
  publisher.join(port, "one")
  return {
    clock,
    deliver,
    pass(ms: number) {
      clock.pass(ms)
      elapsed += ms
    },
    buy(customerId: string, forMs: number): Promise<Answer[]> {
      const rest = { saleId: "drop", sku: "shoe", key: "k", quantity: 1, suffix: "0000" }
      const attempt: Reserve = { kind: "reserve", customerId, ...rest, notAfter: elapsed + forMs }
      return replica.decide([attempt])
    },
  }
}

test("an attempt that waits too long between replica and supervisor has no effect, however their clocks differ", async () => {
  const { buy, deliver, pass } = await connected()
  const [inTime, late] = [buy("ann", 2000), buy("bob", 1000)]
  pass(1500)
  await deliver()
  expect(await inTime).toMatchObject([{ outcome: "confirmed" }])
  expect(await late).toMatchObject([{ outcome: "overloaded" }])
})

test("a step of the wall clock while an attempt waits neither keeps it alive nor makes it late", async () => {
  for (const step of [1900, -1900]) {
    const { buy, clock, deliver, pass } = await connected()
    const [inTime, late] = [buy("ann", 2000), buy("bob", 1000)]
    pass(1500)
    clock.step(step)
    await deliver()
    expect(await inTime).toMatchObject([{ outcome: "confirmed" }])
    expect(await late).toMatchObject([{ outcome: "overloaded" }])
  }
})
