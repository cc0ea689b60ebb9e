import { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import { cpSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import type { PublishedHead } from "../../../src/audit/chain-check.ts"
import { fileSources } from "../../../src/cli/audit/file-sources.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { FIELD, tamper } from "../../support/journal-file.ts"
import { OLD_NOW, writeOldFile } from "../../support/schema-1/old-data.ts"
import { pagesOf, rewritten, sealDrop, sealOf } from "../../support/sealing.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { newSale, OPENS, Shop } from "../../support/stores/shop.ts"

// The kind: a past that is rewritten with all its hashes. The inner chain cannot show it; a seal that was made before can.

const ALL = 10_000
const folder = temporaryFolder()
afterAll(folder.remove)
let folders = 0

function dataFolder(): { data: string; file: string } {
  const data = join(folder.path, `data-${++folders}`)
  mkdirSync(data)
  return { data, file: join(data, "doorbuster.db") }
}

function open(file: string, now = OPENS): SqliteInventory {
  return new SqliteInventory(
    file,
    clockAt(() => now),
  )
}

/** A shop over the store, and a verb that sells one unit to each of so many new customers. */
function shopOf(store: SqliteInventory, prefix: string) {
  const shop = new Shop({ inventory: store, setClock() {}, close: async () => {} }, OPENS)
  const sell = (count: number) =>
    shop.batch(...Array.from({ length: count }, (_, at) => shop.attempt(`${prefix}${at}`, "k")))
  return { shop, sell }
}

/** The violations that the audit of the file finds in the sale `drop`. */
async function audit(data: string, published?: PublishedHead): Promise<string[]> {
  const sources = fileSources(data)
  try {
    return (await auditSale(sources.of("drop"), undefined, published)).violations
  } finally {
    sources.close()
  }
}

/** A file with facts 1 to 2,030 in three sealed pages. */
const sold = dataFolder()
{
  await using store = open(sold.file)
  await store.decide([{ kind: "create", sale: newSale({ total: 5000 }) }])
  const { sell } = shopOf(store, "a")
  const created = (await store.facts("drop", 0, ALL)).length
  await sell(2030 - created)
  await sealDrop(store, store.seals, true)
}

/** A copy of that file after a change. */
function changed(change: (database: Database) => void): string {
  const { data, file } = dataFolder()
  cpSync(sold.file, file)
  const database = new Database(file)
  change(database)
  database.close()
  return data
}

test("given a restart in the middle of a page, the next process seals the same pages as one process alone", async () => {
  const { data, file } = dataFolder()
  {
    await using store = open(file)
    await store.decide([{ kind: "create", sale: newSale({ total: 5000 }) }])
    await shopOf(store, "a").sell(900)
    expect(await sealDrop(store, store.seals, false)).toEqual([])
  }
  await using store = open(file)
  await shopOf(store, "b").sell(1200)
  expect((await sealDrop(store, store.seals, false)).map(({ lastSeq }) => lastSeq)).toEqual([1000])
  expect((await sealDrop(store, store.seals, false)).map(({ lastSeq }) => lastSeq)).toEqual([1000, 2000])
  expect((await sealDrop(store, store.seals, false)).map(({ lastSeq }) => lastSeq)).toEqual([1000, 2000])
  const facts = await store.facts("drop", 0, ALL)
  const ended = await sealDrop(store, store.seals, true)
  expect(ended.map(({ lastSeq, seal }) => [lastSeq, seal])).toEqual(
    [1000, 2000, facts.length].map(seq => [seq, sealOf(facts.slice(0, seq))]),
  )
  // A sale that goes on after its end begins its next page there.
  await shopOf(store, "c").sell(5)
  const more = await sealDrop(store, store.seals, true)
  expect(more.at(-1)).toMatchObject({ firstSeq: facts.length + 1, lastSeq: facts.length + 5 })
  expect(await sealDrop(store, store.seals, true)).toEqual(more)
  await store[Symbol.asyncDispose]()
  expect(await audit(data)).toEqual([])
}, 30_000)

test("given one fact that was changed with all later hashes, the audit names the fact and its page, and no other", async () => {
  expect(await audit(sold.data)).toEqual([])
  await using store = open(sold.file)
  const facts = rewritten(await store.facts("drop", 0, ALL), 1234)
  await store[Symbol.asyncDispose]()
  const data = changed(database => {
    tamper(database, (fields, seq) => {
      const { customerId = "", hash } = facts[seq - 1]!
      return fields.with(FIELD.customer, customerId).with(FIELD.hash, hash)
    })
    database.run("UPDATE sales SET hash = ?", [facts.at(-1)!.hash])
    database.run("UPDATE orders SET customer = 'mallory' WHERE created_seq = 1234")
  })
  expect(await audit(data)).toEqual([
    "I10 journal: fact 1234 is not the fact that was sealed",
    "I10 journal: the page of facts 1001 to 2000 does not match its seal",
  ])
}, 30_000)

test.each([
  ["UPDATE seals SET seal = replace(seal, 'a', 'b') WHERE first_seq = 1", "the page of facts 1 to 1000 does not match"],
  ["UPDATE seals SET digests = zeroblob(length(digests)) WHERE first_seq = 2001", "fact 2001 is not the fact that was"],
  ["UPDATE seals SET digests = x'' WHERE first_seq = 2001", "the page of facts 2001 to 2030 has 0 digests"],
  ["DELETE FROM seals WHERE first_seq = 1001", "the page that begins at fact 2001 follows one that ends at fact 1000"],
  ["UPDATE seals SET last_seq = 2031 WHERE first_seq = 2001", "but the page of facts 2001 to 2031 was sealed"],
])("given a seal that was tampered with (%s), the audit says so", async (sql, violation) => {
  expect((await audit(changed(database => database.run(sql)))).join("\n")).toContain(violation)
})

test("given a head of SHA-256 at any fact, the audit tells this history from another; a head of SHA-1 is accepted as before", async () => {
  await using store = open(sold.file)
  const facts = await store.facts("drop", 0, ALL)
  await store[Symbol.asyncDispose]()
  for (const seq of [1, 1000, 1500, 2030]) {
    const seal = sealOf(facts.slice(0, seq))
    expect(await audit(sold.data, { seq, hash: seal })).toEqual([])
    expect(await audit(sold.data, { seq, hash: facts[seq - 1]!.hash })).toEqual([])
    const other = sealOf(rewritten(facts, 1).slice(0, seq))
    const violation = `I10 journal: fact ${seq} was published with another hash: this is another history`
    expect(await audit(sold.data, { seq, hash: other })).toEqual([violation])
  }
}, 30_000)

test("given a file that an earlier release made, it is audited without seals, then sealed, and audited with them", async () => {
  const { data, file } = dataFolder()
  writeOldFile(file)
  expect(await audit(data)).toEqual([])
  {
    await using store = open(file, OLD_NOW)
    const facts = await store.facts("drop", 0, ALL)
    const [page] = await sealDrop(store, store.seals, true)
    expect(page).toMatchObject({ firstSeq: 1, lastSeq: facts.length, seal: sealOf(facts) })
    expect(await pagesOf(store.seals)).toHaveLength(1)
  }
  expect(await audit(data)).toEqual([])
})
