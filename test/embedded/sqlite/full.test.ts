import { Database } from "bun:sqlite"
import { afterAll, describe, expect, spyOn, test } from "bun:test"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { OPENS, Shop } from "../../support/stores/shop.ts"
import { expectKept, readAcknowledged } from "./acknowledged.ts"

const folder = temporaryFolder()
afterAll(folder.remove)

const script = (name: string) => join(import.meta.dir, name)

describe("a full disk", () => {
  test("is a fault that changes nothing, and the store sells again once there is room", async () => {
    const { shop, setPages } = await openWithPages(join(folder.path, "pages.db"))
    await shop.create({ total: 1_000_000, holdSeconds: 60 })
    setPages("page_count")
    const acknowledged: string[] = []
    const fault = await fill(shop, acknowledged)
    expect(fault).toBeInstanceOf(InventoryFault)
    expect(fault.message).toBe("The disk is full.")
    expect(fault.certain).toBe(true)
    expect((await shop.orders()).map(({ id }) => id)).toEqual(acknowledged)
    await expectAudited(shop.inventory, shop.now)

    setPages(1_000_000)
    const order = await shop.bought("afterwards", "k")
    expect(await shop.confirm(order.id)).toMatchObject({ outcome: "confirmed" })
    expect(await shop.orders()).toHaveLength(acknowledged.length + 1)
    await expectAudited(shop.inventory, shop.now)
    expect((shop.inventory as SqliteInventory).fault).toBeUndefined()
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("sends no notice of a transaction that was rolled back", async () => {
    const { shop, setPages } = await openWithPages(join(folder.path, "notices.db"))
    await shop.create({ total: 1_000_000 })
    setPages("page_count")
    const watcher = shop.watch()
    await fill(shop, [])
    const late = shop.watch()
    const [sale] = await shop.inventory.sales()
    for (const { notices } of [watcher, late]) expect(notices.at(-1)!.sale).toEqual(sale!)
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("a file that may not grow stops the store with one sentence and loses nothing", async () => {
    const file = join(folder.path, "limited.db")
    const command = `ulimit -f 400; exec '${process.execPath}' '${script("buyer-process.ts")}' '${file}' 5 limited`
    const child = Bun.spawn(["sh", "-c", command], { stdio: ["ignore", "pipe", "inherit"] })
    const printed = await new Response(child.stdout).text()
    const fault = JSON.parse(/^fault (.*)$/m.exec(printed)![1]!) as InventoryFault
    expect(fault).toEqual({ message: "The store stopped: disk I/O error.", certain: false } as InventoryFault)
    const inventory = new SqliteInventory(file)
    const acknowledged = readAcknowledged(printed)
    expect(acknowledged.size).toBeGreaterThan(0)
    await expectKept(inventory, acknowledged)
    await inventory[Symbol.asyncDispose]()
  })

  // A small disk needs permission to mount. Elsewhere the limit of pages above has to suffice.
  if (spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", folder.path]).status === 0) {
    test("on a full file system the store behaves the same", () => {
      const mount = `mount -t tmpfs -o size=1m tmpfs '${folder.path}'`
      const command = `${mount} && exec '${process.execPath}' '${script("small-disk-process.ts")}' '${folder.path}'`
      const { stdout, stderr } = spawnSync("unshare", ["-rm", "sh", "-c", command], { encoding: "utf8" })
      expect(stderr).toBe("")
      const { bought, ...rest } = JSON.parse(stdout)
      expect(rest).toEqual({
        fault: { name: "InventoryFault", message: "The disk is full.", certain: false },
        differingWhenFull: 0,
        again: "The disk is full.",
        afterwards: "confirmed",
        differingAtEnd: 0,
      })
      expect(bought).toBeGreaterThan(0)
    })
  }
})

/** A store whose file has a limit of pages. SQLite reports that limit like a full disk. */
async function openWithPages(file: string) {
  const run = spyOn(Database.prototype, "run")
  const inventory = new SqliteInventory(
    file,
    clockAt(() => OPENS),
  )
  const database = run.mock.contexts[0] as Database
  run.mockRestore()
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  const setPages = (pages: number | "page_count") => {
    const { page_count } = database.query<{ page_count: number }, []>("PRAGMA page_count").get()!
    database.run(`PRAGMA max_page_count = ${pages === "page_count" ? page_count : pages}`)
  }
  return { shop, setPages }
}

/** Buys until the store rejects. */
async function fill(shop: Shop, acknowledged: string[]): Promise<InventoryFault> {
  for (let at = 0; at < 10_000; at++) {
    try {
      acknowledged.push((await shop.bought(`cust-${at}`, "k")).id)
    } catch (error) {
      return error as InventoryFault
    }
  }
  throw new Error("The disk never became full.")
}
