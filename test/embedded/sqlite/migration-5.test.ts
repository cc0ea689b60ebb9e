import { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import { fileSources } from "../../../src/cli/audit/file-sources.ts"
import { dataText } from "../../../src/core/fact-data.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { facts5, NOW_5, writeFile5 } from "../../support/schema-5/old-file.ts"
import { pagesOf } from "../../support/sealing.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { Shop } from "../../support/stores/shop.ts"

// The kind: a file whose facts are rows of a table, before they were lines of a journal.

const folder = temporaryFolder()
afterAll(folder.remove)
let folders = 0

function oldFolder(): { data: string; file: string } {
  const data = join(folder.path, `data-${++folders}`)
  mkdirSync(data)
  const file = join(data, "doorbuster.db")
  writeFile5(file)
  return { data, file }
}

function open(file: string): Shop {
  const inventory = new SqliteInventory(
    file,
    clockAt(() => NOW_5),
  )
  return new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, NOW_5)
}

async function audit(data: string): Promise<string[]> {
  const sources = fileSources(data)
  try {
    const reports = await Promise.all((await sources.ids()).map(id => auditSale(sources.of(id))))
    return reports.flatMap(({ violations }) => violations)
  } finally {
    sources.close()
  }
}

test("given a file of schema 5, every field of every fact is in the journal, and the audit accepts it before and after", async () => {
  const { data, file } = oldFolder()
  expect(await audit(data)).toEqual([])
  const shop = open(file)
  for (const [saleId, number, count] of [
    ["drop", 1, 17],
    ["flash", 2, 5],
  ] as const) {
    const facts = await shop.facts(saleId)
    expect(facts).toHaveLength(count)
    const rows = facts.map(fact => ({
      ...{ sale: number, seq: fact.seq, at: fact.at, kind: fact.kind, sku: fact.sku ?? null },
      ...{ order_id: fact.orderId ?? null, customer: fact.customerId ?? null, key: fact.key ?? null },
      ...{ quantity: fact.quantity ?? null, amount: fact.unitPrice?.amount ?? null },
      ...{
        currency: fact.unitPrice?.currency ?? null,
        pay_before: fact.payBefore ?? null,
        reason: fact.reason ?? null,
      },
      ...{ free: fact.free ?? null, held: fact.held ?? null, sold: fact.sold ?? null },
      ...{ terms: fact.terms ? JSON.stringify(fact.terms) : null, hash: fact.hash },
      data: fact.data ? dataText(fact.data) : null,
    }))
    expect(rows).toEqual(facts5(number) as never)
  }
  await shop.store.close()
  expect(await audit(data)).toEqual([])
})

test("given a file of schema 5, its orders, releases, keys and seals count as before, and it sells", async () => {
  const { data, file } = oldFolder()
  const shop = open(file)
  expect((await shop.orders()).map(({ id, state, seq }) => `${id} ${state} ${seq}`)).toEqual([
    ...["A4-B000 confirmed 7", "A5-B001 released 8", "A6-B002 released 13"],
    ...["A14-B006 held 14", "A15-B007 held 15", "A16-B008 held 16", "A17-B009 held 17"],
  ])
  expect(await pagesOf((shop.inventory as SqliteInventory).seals)).toHaveLength(1)
  const again = { kind: "pause", saleId: "drop", once: { key: "pause-1", digest: "d2" } } as const
  expect(await shop.decide(again)).toMatchObject({ outcome: "done", replayed: true })
  expect(await shop.reserve("cyd", "k3", { sku: "shirt" })).toMatchObject({ outcome: "released", replayed: true })
  expect(await shop.reserve("ann", "k9", { sku: "shirt" })).toMatchObject({ outcome: "limit_reached" })
  expect(await shop.confirm("A14-B006")).toMatchObject({ outcome: "confirmed", seq: 18 })
  expect(await shop.reserve("eve", "k1", { sku: "shirt" })).toMatchObject({ outcome: "held", seq: 19 })
  const everything = await shop.everything()
  await shop.store.close()
  expect(await audit(data)).toEqual([])
  const reopened = open(file)
  expect(await reopened.everything()).toEqual(everything)
  await reopened.store.close()
})

test("given a file of schema 5 that cannot be taken over, it is refused and stays as it was", async () => {
  const { data, file } = oldFolder()
  const blocked = new Database(file)
  blocked.run("CREATE TRIGGER stop BEFORE UPDATE ON orders BEGIN SELECT raise(ABORT, 'no'); END")
  blocked.close()
  const before = readFileSync(file)
  expect(() => open(file)).toThrow(`${file} cannot be opened: no.`)
  expect(readFileSync(file).equals(before)).toBe(true)
  expect(await audit(data)).toEqual([])
  const mended = new Database(file)
  mended.run("DROP TRIGGER stop")
  mended.close()
  const shop = open(file)
  expect(await shop.facts()).toHaveLength(17)
  await shop.store.close()
})
