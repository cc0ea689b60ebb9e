import { afterEach, beforeEach, expect, test } from "bun:test"
import { cpSync } from "node:fs"
import type { Fact } from "../../src/core/fact.ts"
import { SqliteInventory } from "../../src/embedded/sqlite/inventory.ts"
import { doorbuster, Folder } from "../support/launch.ts"
import { clockAt } from "../support/stores/clocks.ts"
import { newSale, OPENS, Shop } from "../support/stores/shop.ts"

// The kind: a backup that looks like itself. Nothing inside it can tell that it is too old; a head that was published can.

let folder: Folder
let heads: string[]

/** Two folders: `old` ends after one purchase, `new` after two. */
beforeEach(async () => {
  folder = new Folder()
  heads = []
  for (const customer of ["ann", "bob"]) {
    const store = new SqliteInventory(
      folder.file("doorbuster.db"),
      clockAt(() => OPENS),
    )
    const shop = new Shop({ inventory: store, setClock() {}, close: async () => {} }, OPENS)
    if (customer === "ann") await store.decide([{ kind: "create", sale: newSale() }])
    await shop.bought(customer, "k")
    const { seq, hash } = (await store.facts("drop", 0, 100)).at(-1) as Fact
    heads.push(`${seq}:${hash}`)
    await store[Symbol.asyncDispose]()
    cpSync(folder.file("doorbuster.db"), folder.file(`${customer}/doorbuster.db`), { recursive: true })
  }
})
afterEach(() => folder[Symbol.dispose]())

const audit = (data: string, ...more: string[]) => doorbuster(["audit", "--data", folder.file(data), ...more])

test("given a head that was published, a journal that still has it passes, and may go on after it", async () => {
  for (const head of heads) {
    const { code, err } = await audit("bob", "--sale", "drop", "--head", head)
    expect([code, err]).toEqual([0, ""])
  }
}, 30_000)

test("given an older backup, the audit fails and says how much is missing", async () => {
  const { code, out } = await audit("ann", "--sale", "drop", "--head", heads[1]!)
  expect(code).toBe(1)
  const [old, published] = heads.map(head => head.split(":")[0])
  expect(out).toContain(`the journal ends at fact ${old}, but fact ${published} was published: an older backup`)
}, 30_000)

test("given another history, the audit fails", async () => {
  const { code, out } = await audit("bob", "--sale", "drop", "--head", `${heads[0]!.split(":")[0]}:${"0".repeat(40)}`)
  expect(code).toBe(1)
  expect(out).toContain("was published with another hash: this is another history")
}, 30_000)

test.each([
  [["--head", "1:abc", "--sale", "drop"], "--head must be SEQ:HASH"],
  [["--head", `1:${"0".repeat(40)}`], "--head needs --sale"],
])(
  "given %j, one sentence says what is wrong",
  async (more, sentence) => {
    const { code, err } = await audit("bob", ...more)
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`${sentence}[^\\n]*\\.\\n$`))
  },
  30_000,
)
