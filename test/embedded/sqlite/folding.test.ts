import { Database } from "bun:sqlite"
import { afterAll, expect, spyOn, test } from "bun:test"
import { cpSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import { fileSources } from "../../../src/cli/audit/file-sources.ts"
import { decide } from "../../../src/core/rules.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { FIELD, tamper } from "../../support/journal-file.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { OPENS, Shop } from "../../support/stores/shop.ts"

// The kind: orders that are in the journal and not yet in the tables. Nobody may see a difference, before or after a crash.

const MANY = 1_000_000
const folder = temporaryFolder()
afterAll(folder.remove)
let folders = 0

function newFile(): string {
  const data = join(folder.path, `data-${++folders}`)
  mkdirSync(data)
  return join(data, "doorbuster.db")
}

/** A shop whose store lets so many facts wait for the tables. */
class FoldingShop extends Shop {
  constructor(
    readonly file: string,
    unfoldedMax?: number,
    start = OPENS,
  ) {
    let now = start
    const inventory = new SqliteInventory(
      file,
      clockAt(() => now),
      decide,
      sha1,
      MANY,
      unfoldedMax,
    )
    super({ inventory, setClock: at => (now = at), close: () => inventory[Symbol.asyncDispose]() }, start)
  }

  /** A data folder with the file as a power cut would leave it now. */
  cut(): string {
    const data = join(folder.path, `data-${++folders}`)
    cpSync(join(this.file, ".."), data, { recursive: true })
    return data
  }
}

/** Sales whose orders are held, confirmed, released by hand and by time, and bought again, over many transactions. */
async function trade(shop: Shop): Promise<void> {
  await shop.create({ total: 50, holdSeconds: 60, limitPerCustomer: 2 })
  await shop.create({ id: "flash", total: 3 })
  const [ann, bob, cyd] = [
    await shop.bought("ann", "k1"),
    await shop.bought("bob", "k1"),
    await shop.bought("cyd", "k1"),
  ]
  await shop.batch(shop.attempt("ann", "f", { sale: "flash" }), shop.attempt("bob", "f", { sale: "flash" }))
  await shop.confirm(ann.id)
  await shop.cancel(bob.id)
  await shop.bought("bob", "k2")
  await shop.decide({ kind: "pause", saleId: "drop", once: { key: "pause", digest: "d" } })
  await shop.batch({ kind: "resume", saleId: "drop" }, { kind: "amend", saleId: "drop", terms: { cooldownSeconds: 5 } })
  shop.at(61_000)
  await shop.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 4 })
  expect(await shop.confirm(cyd.id)).toMatchObject({ outcome: "order_released" })
  shop.at(70_000)
  await shop.bought("cyd", "k2")
  await shop.cancel((await shop.bought("fay", "k1")).id)
  await shop.bought("dan", "k1", { quantity: 2 })
}

/** What customers and an administrator are answered who come back, and a new customer. */
async function comeBack(shop: Shop): Promise<unknown> {
  const attempt = (...asked: Parameters<Shop["attempt"]>) => ({ ...shop.attempt(...asked), suffix: "ZZZZ" })
  const answers = await shop.batch(
    attempt("ann", "k1"),
    attempt("ann", "k1", { quantity: 2 }),
    attempt("dan", "k9"),
    attempt("cyd", "k1"),
    attempt("fay", "k2"),
    attempt("ann", "g", { sale: "flash" }),
    { kind: "pause", saleId: "drop", once: { key: "pause", digest: "other" } },
    { kind: "release", orderId: (await shop.orders()).at(-1)!.id, reason: "cancelled" },
    attempt("dan", "k10"),
    attempt("eve", "k1"),
  )
  return JSON.parse(JSON.stringify(answers))
}

/** How many facts of `drop` the tables have, and what the audit of the file finds. */
async function auditOf(data: string): Promise<{ folded: number; violations: string[] }> {
  const sources = fileSources(data)
  try {
    const reports = await Promise.all((await sources.ids()).map(id => auditSale(sources.of(id))))
    const { seq } = await sources.of("drop").sale()
    return { folded: seq, violations: reports.flatMap(({ violations }) => violations) }
  } finally {
    sources.close()
  }
}

const START = 70_000 + OPENS

test.each([0, 1, 4, 7, MANY])(
  "given that %d facts may wait, every read, every answer and every crash is as if none did",
  async unfoldedMax => {
    const plain = new FoldingShop(newFile(), 0)
    await trade(plain)
    const shop = new FoldingShop(newFile(), unfoldedMax)
    await trade(shop)
    const everything = await plain.everything()
    expect(await shop.everything()).toEqual(everything)
    for (const limit of [1, 2, 3]) {
      const pages: string[] = []
      for (let after = 0, page = await shop.inventory.orders("drop", 0, limit); page.length > 0; ) {
        pages.push(...page.map(({ id }) => id))
        after = Number(/\d+/.exec(pages.at(-1)!)![0])
        page = await shop.inventory.orders("drop", after, limit)
      }
      expect(pages).toEqual((await shop.orders()).map(({ id }) => id))
    }

    const data = shop.cut()
    const { folded, violations } = await auditOf(data)
    expect(violations).toEqual([])
    expect((await shop.sale()).seq - folded).toBeLessThanOrEqual(unfoldedMax)
    if (unfoldedMax === MANY) expect(folded).toBe(2)
    const after = new FoldingShop(join(data, "doorbuster.db"), unfoldedMax, START)
    expect(await after.everything()).toEqual(everything)
    const answers = await comeBack(plain)
    expect(await comeBack(shop)).toEqual(answers as never)
    expect(await comeBack(after)).toEqual(answers as never)
    expect(await after.everything()).toEqual(await plain.everything())

    for (const each of [plain, shop, after]) {
      await each.store.close()
      expect((await auditOf(join(each.file, ".."))).violations).toEqual([])
    }
  },
)

test("given quiet moments, the tables catch up; a rush does not wait for them", async () => {
  const shop = new FoldingShop(newFile())
  await shop.create({ total: 10_000, holdSeconds: 3600 })
  const crowd = (name: string) => Array.from({ length: 600 }, (_, at) => shop.attempt(`${name}-${at}`, "k"))
  const folded = async () => {
    const { folded, violations } = await auditOf(shop.cut())
    expect(violations).toEqual([])
    return folded
  }
  for (const name of ["a", "b", "c", "d", "e"]) await shop.batch(...crowd(name))
  await shop.batch(...(await shop.orders()).slice(0, 700).map(({ id }) => ({ kind: "confirm", orderId: id }) as const))
  const before = await shop.everything()
  await shop.batch()
  expect(await folded()).toBe(2)
  await shop.batch()
  const some = await folded()
  expect(some).toBeGreaterThan(1000)
  expect(some).toBeLessThan(3000)
  expect(await shop.everything()).toEqual(before)
  await shop.bought("late", "k")
  for (let call = 0; call < 5; call++) await shop.batch()
  expect(await folded()).toBe((await shop.sale()).seq)
  await shop.store.close()
})

test("given an index of customers that is read little by little, what changes meanwhile is not lost", async () => {
  const file = newFile()
  const before = new FoldingShop(file)
  await before.create({ total: 100_000, holdSeconds: 3600, cooldownSeconds: 60 })
  const crowd = Array.from({ length: 42_000 }, (_, at) => before.attempt(`cust-${at}`, "k"))
  const held = (await before.batch(...crowd)).map(({ order }) => order!.id)
  await before.store.close()

  const shop = new FoldingShop(file)
  await shop.batch()
  // The first 20,000 orders have been read by now.
  await shop.cancel(held[0]!)
  await shop.cancel(held[30_000]!)
  for (const customer of ["cust-0", "cust-30000"]) {
    expect(await shop.reserve(customer, "k2")).toMatchObject({ outcome: "rate_limited" })
    expect(await shop.reserve(customer, "k")).toMatchObject({ outcome: "released", replayed: true })
  }
  for (const customer of ["cust-1", "cust-41999"]) {
    expect(await shop.reserve(customer, "k2")).toMatchObject({ outcome: "limit_reached" })
  }
  expect(await shop.reserve("new", "k")).toMatchObject({ outcome: "held" })
  expect(await shop.reserve("new", "k2")).toMatchObject({ outcome: "limit_reached" })
  await shop.store.close()
}, 30_000)

test("given a crash while facts wait, one altered fact among them is named", async () => {
  const shop = new FoldingShop(newFile())
  await trade(shop)
  const data = shop.cut()
  const database = new Database(join(data, "doorbuster.db"))
  const { seq: last } = (await shop.facts()).at(-1)!
  tamper(database, (fields, seq) => (seq === last ? fields.with(FIELD.customer, "eve") : fields))
  database.close()
  const { folded, violations } = await auditOf(data)
  expect(folded).toBe(2)
  expect(violations).toEqual([`I10 journal: the hash of fact ${last} does not match its fields and the fact before it`])
  await shop.store.close()
})

test("given a disk that fills while facts are folded, nothing is lost, and folding goes on once there is room", async () => {
  const run = spyOn(Database.prototype, "run")
  const shop = new FoldingShop(newFile())
  const database = run.mock.contexts[0] as Database
  run.mockRestore()
  await shop.create({ total: 10_000, holdSeconds: 3600 })
  for (let call = 0; call < 5; call++) {
    await shop.batch(...Array.from({ length: 500 }, (_, at) => shop.attempt(`cust-${call}-${at}`, "k")))
  }
  const before = await shop.everything()
  const { page_count } = database.query<{ page_count: number }, []>("PRAGMA page_count").get()!
  database.run(`PRAGMA max_page_count = ${page_count}`)
  await shop.batch()
  const fault = await shop.batch().catch((error: Error) => error)
  expect(fault).toMatchObject({ name: "InventoryFault", message: "The disk is full.", certain: true })
  expect(await shop.everything()).toEqual(before)
  database.run(`PRAGMA max_page_count = ${MANY}`)
  for (let call = 0; call < 4; call++) await shop.batch()
  expect(await shop.everything()).toEqual(before)
  const { folded, violations } = await auditOf(shop.cut())
  expect([folded, violations]).toEqual([2502, []])
  await shop.store.close()
})
