import { expect } from "bun:test"
import type { Reserve } from "../../../src/core/command.ts"
import { systemTime } from "../../../src/runtime/time.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { openRedis } from "../../support/stores/redis-kinds.ts"
import { newSale } from "../../support/stores/shop.ts"

// The store judges by its own clock. A replica's wall clock may be ahead, behind, stopped or set; its elapsed time may begin
// anywhere. The contract tests what a jump of the store's clock does.

const { afterAll, beforeAll, test } = needs(REDIS)
const HOUR = 3_600_000

let server: RedisServer
beforeAll(async () => {
  server = await RedisServer.start()
})
afterAll(() => server.stop())

const WRONG: [name: string, now: () => number][] = [
  ["an hour ahead", () => Date.now() + HOUR],
  ["an hour behind", () => Date.now() - HOUR],
  ["stopped", () => 1_700_000_000_000],
  ["set back and forth", () => Date.now() + (Math.floor(performance.now()) % 2 === 0 ? HOUR : -HOUR)],
]

test.each(WRONG)(
  "a replica whose wall clock is %s sells, says the store's time, and sees no jump",
  async (name, now) => {
    const origin = Math.random() * 1e9
    const monotonic = () => performance.now() + origin
    await using inventory = await openRedis({ url: server.url, time: { ...systemTime, now, monotonic } })
    const id = name.replaceAll(" ", "-")
    const opensAt = Date.now() - 1000
    await inventory.decide([{ kind: "create", sale: newSale({ id, opensAt, total: 20 }) }])
    const attempt = (at: number, forMs: number): Reserve => {
      const rest = { saleId: id, sku: "shoe", key: "k", quantity: 1, suffix: "0000" }
      return { kind: "reserve", customerId: `cust-${at}`, ...rest, notAfter: monotonic() + forMs }
    }
    const answers = await inventory.decide(Array.from({ length: 10 }, (_, at) => attempt(at, 2000)))
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(10).fill("confirmed"))
    expect(await inventory.decide([attempt(11, -50)])).toMatchObject([{ outcome: "overloaded" }])
    // Its own clock is wrong by far more.
    expect(Math.abs(inventory.now() - Date.now())).toBeLessThan(HOUR / 60)
    expect(await inventory.clock()).toMatchObject({ jumps: 0, isInDoubt: false })
  },
)
