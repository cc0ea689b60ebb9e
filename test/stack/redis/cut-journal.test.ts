import { expect } from "bun:test"
import { cpSync, mkdirSync, readdirSync, statSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { effort } from "../../support/effort.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { memoryFolder, RedisServer } from "../../support/redis.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { newSale, OPENS } from "../../support/stores/shop.ts"
import { openShop } from "./shops.ts"

const { afterAll, describe, shared, test } = needs(REDIS)

const SAMPLES = effort(60, 12)
const server = await shared(() => RedisServer.start())
afterAll(() => server.stop())

/** Runs commands of every kind. Returns the number of facts after each answer. */
async function day(): Promise<number[]> {
  const shop = await openShop({ url: server.url })
  const seqs: number[] = []
  const note = async () => seqs.push((await shop.sale()).seq)
  await shop.create({ total: 60, holdSeconds: 60, limitPerCustomer: 2 })
  await note()
  for (let round = 0; round < 12; round++) {
    shop.at(round * 7000)
    const answers = await shop.batch(
      ...Array.from({ length: 8 }, (_, at) => shop.attempt(`cust-${round}-${at}`, "k", { quantity: 1 + (at % 2) })),
    )
    await note()
    const ids = answers.flatMap(({ order }) => order?.id ?? [])
    await shop.batch(
      ...ids.slice(0, 3).map(orderId => ({ kind: "confirm", orderId }) as const),
      ...ids.slice(3, 5).map(orderId => ({ kind: "release", orderId, reason: "cancelled" }) as const),
      { kind: "restock", saleId: "drop", sku: "shoe", units: 2 },
    )
    await note()
  }
  await shop.batch(
    { kind: "amend", saleId: "drop", terms: { name: "Later" } },
    { kind: "create", sale: newSale({ id: "other" }) },
  )
  await note()
  await shop.inventory[Symbol.asyncDispose]()
  return seqs
}

/** Redis's append-only file, which it reads when it starts. */
function appendOnlyFile(folder: string): string {
  const inner = join(folder, "appendonlydir")
  return join(inner, readdirSync(inner).find(name => name.endsWith(".incr.aof"))!)
}

describe("a store whose file is truncated", () => {
  test("at any byte restarts at the end of a call, and all units add up", async () => {
    const seqs = await day()
    await server.kill()
    const size = statSync(appendOnlyFile(server.folder)).size
    const found = new Set<number>()
    for (let sample = 0; sample < SAMPLES; sample++) {
      // A crash would cut off some of the last bytes.
      const length = sample === 0 ? size : sample < 4 ? size - sample : Math.floor(Math.random() * size)
      const folder = memoryFolder("doorbuster-cut-")
      mkdirSync(folder, { recursive: true })
      cpSync(join(server.folder, "appendonlydir"), join(folder, "appendonlydir"), { recursive: true })
      truncateSync(appendOnlyFile(folder), length)
      const cut = await RedisServer.start({ folder })
      const shop = await openShop({ url: cut.url })
      const sale = await shop.sale()
      const seq = sale?.seq ?? 0
      shop.at((sale?.at ?? OPENS) - OPENS)
      expect([length, seq === 0 || seqs.includes(seq)]).toEqual([length, true])
      if (sample === 0) expect(seq).toBe(seqs.at(-1)!)
      found.add(seq)
      if (seq > 0) {
        await expectAudited(shop.inventory, shop.now)
        expect(await shop.reserve("late", "k")).toMatchObject({ seq: expect.any(Number) })
      }
      await shop.inventory[Symbol.asyncDispose]()
      await cut.stop()
    }
    expect(found.size).toBeGreaterThan(3)
  }, 240_000)
})
