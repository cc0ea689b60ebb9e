import { Database } from "bun:sqlite"
import { afterAll, describe, expect, test } from "bun:test"
import { closeSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { openDatabase } from "../../../src/embedded/sqlite/open.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { newSale, OPENS, Shop } from "../../support/stores/shop.ts"

const PAGE_BYTES = 4096

const folder = temporaryFolder()
afterAll(folder.remove)

let files = 0
const freshFile = () => join(folder.path, `file-${++files}.db`)

/** The sentence with which the store refuses the file. */
function refusal(file: string): string {
  try {
    void new SqliteInventory(file)[Symbol.asyncDispose]()
  } catch (error) {
    expect(error).toBeInstanceOf(InventoryFault)
    const { message, certain } = error as InventoryFault
    expect(certain).toBe(true)
    expect(message).toMatch(/^[^\n]+\.$/)
    return message
  }
  throw new Error("The file was opened.")
}

/** Makes a file with a sale, and closes it. */
async function leftBehind(): Promise<string> {
  const file = freshFile()
  const inventory = new SqliteInventory(file)
  await inventory.decide([{ kind: "create", sale: newSale() }])
  await inventory[Symbol.asyncDispose]()
  return file
}

describe("a SQLite store", () => {
  test("is opened with the settings that make it durable", () => {
    const database = openDatabase(freshFile())
    const setting = (name: string) => Object.values(database.query(`PRAGMA ${name}`).get() as object)[0]
    expect(setting("journal_mode")).toBe("wal")
    expect(setting("synchronous")).toBe(2)
    expect(setting("locking_mode")).toBe("exclusive")
    expect(setting("mmap_size")).toBe(0)
    expect(setting("user_version")).toBe(6)
    database.close()
  })

  test("is refused where it cannot be durable", () => {
    expect(refusal(":memory:")).toBe("SQLite's journal_mode is memory, but must be wal.")
  })

  test("is refused to a second process while the first has it open", async () => {
    const file = await leftBehind()
    const inventory = new SqliteInventory(file)
    expect(refusal(file)).toBe(`${file} is in use by another process.`)
    const script = join(import.meta.dir, "buyer-process.ts")
    const child = Bun.spawn([process.execPath, script, file], { stdio: ["ignore", "ignore", "pipe"] })
    expect(await new Response(child.stderr).text()).toContain(`${file} is in use by another process.`)
    expect(await child.exited).toBe(1)
    await inventory.orders("drop", 0, 10)
    await inventory.facts("drop", 0, 10)
    await inventory[Symbol.asyncDispose]()
    await new SqliteInventory(file)[Symbol.asyncDispose]()
  })

  test("is refused when a newer version wrote it", async () => {
    const file = await leftBehind()
    const database = new Database(file)
    database.run("PRAGMA user_version = 7")
    database.close()
    expect(refusal(file)).toBe(`${file} was written by a newer Doorbuster (schema 7).`)
  })

  test("is refused when it is not a database", () => {
    const file = freshFile()
    writeFileSync(file, "Dear diary, ".repeat(1000))
    expect(refusal(file)).toBe(`${file} is not a Doorbuster database.`)
  })

  test("is refused and left unchanged if it is another program's database", () => {
    for (const version of [0, 1, 2, 3, 4, 5, 6]) {
      const file = freshFile()
      const database = new Database(file)
      database.run(`CREATE TABLE diary (line TEXT); PRAGMA user_version = ${version}`)
      database.close()
      expect(refusal(file)).toBe(`${file} is not a Doorbuster database.`)
      const after = new Database(file, { readonly: true })
      expect(after.query("SELECT name FROM sqlite_master").all()).toEqual([{ name: "diary" }])
      after.close()
    }
  })

  test("is refused when it is damaged", async () => {
    const file = await leftBehind()
    const handle = openSync(file, "r+")
    for (let page = 1; page < statSync(file).size / PAGE_BYTES; page++) {
      writeSync(handle, new Uint8Array(PAGE_BYTES).fill(0xa5), 0, PAGE_BYTES, page * PAGE_BYTES)
    }
    closeSync(handle)
    expect(refusal(file)).toBe(`${file} cannot be opened: database disk image is malformed.`)
  })

  test("is refused when it cannot be opened", () => {
    const file = freshFile()
    mkdirSync(file)
    expect(refusal(file)).toStartWith(`${file} cannot be opened: `)
    const nowhere = join(folder.path, "nowhere", "store.db")
    expect(refusal(nowhere)).toStartWith(`${nowhere} cannot be opened: `)
  })
})

test("given many waiting calls, closing the store answers them all", async () => {
  const file = freshFile()
  const inventory = new SqliteInventory(
    file,
    clockAt(() => OPENS),
  )
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  const creating = shop.create({ total: 10_000 })
  const calls = [0, 1, 2].map(call =>
    shop.batch(...Array.from({ length: 3000 }, (_, at) => shop.attempt(`cust-${call}-${at}`, "k"))),
  )
  await inventory[Symbol.asyncDispose]()
  expect(await creating).toMatchObject({ outcome: "done" })
  for (const answers of await Promise.all(calls)) {
    expect(answers.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(3000)
  }
  await inventory[Symbol.asyncDispose]()
  const reopened = new SqliteInventory(file)
  expect((await reopened.sales())[0]!.items[0]).toMatchObject({ free: 1000, sold: 9000 })
  await reopened[Symbol.asyncDispose]()
})
