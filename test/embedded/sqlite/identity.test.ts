import { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { identify, placeOf } from "../../../src/embedded/sqlite/identity.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { openDatabase } from "../../../src/embedded/sqlite/open.ts"
import { doorbuster, Folder } from "../../support/launch.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { freePort, System } from "../../support/system.ts"

// The kind: parts of two systems that are put together by a copy or a backup. Honest limits: a whole folder that was restored in
// its own place looks like itself. `audit --head` compares such a one with a head that was published.

const folder = temporaryFolder()
afterAll(folder.remove)

let folders = 0

function newFolder(): string {
  const path = join(folder.path, `data-${++folders}`)
  mkdirSync(path)
  return path
}

/** The identity of the file in a folder, as a start finds it; or the sentence that refuses it. */
async function identityIn(data: string, takesPlace = false): Promise<string> {
  const store = new SqliteInventory(join(data, "doorbuster.db"))
  try {
    return store.identify(takesPlace)
  } catch (error) {
    return (error as Error).message
  } finally {
    await store[Symbol.asyncDispose]()
  }
}

test("given a new file, it gets an identity that no other has, and keeps it", async () => {
  const [one, other] = [newFolder(), newFolder()]
  const id = await identityIn(one)
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect(await identityIn(one)).toBe(id)
  expect(await identityIn(other)).not.toBe(id)
})

test("given a folder that was moved, it starts with its identity", async () => {
  const [here, there] = [newFolder(), newFolder()]
  const id = await identityIn(here)
  rmSync(there, { recursive: true })
  renameSync(here, there)
  expect(await identityIn(there)).toBe(id)
})

test("given a folder that was restored in its own place, it starts with its identity", async () => {
  const [here, backup] = [newFolder(), newFolder()]
  const id = await identityIn(here)
  cpSync(here, backup, { recursive: true })
  rmSync(here, { recursive: true })
  cpSync(backup, here, { recursive: true })
  expect(await identityIn(here)).toBe(id)
})

test("given a copy on another machine, it is refused, although its path is the same", () => {
  const data = newFolder()
  const database = openDatabase(join(data, "doorbuster.db"))
  const here = placeOf(join(data, "doorbuster.db"))
  identify(database, { ...here, machine: "one" }, false, "an-identity")
  expect(() => identify(database, { ...here, machine: "two", inode: "7" }, false, "other")).toThrow("is a copy")
  expect(identify(database, { ...here, machine: "", inode: "7" }, false, "other")).toBe("an-identity")
  database.close()
})

test("given a copied folder, its start says one sentence, the original sells on, and --adopt lets the copy take its place", async () => {
  using copy = new Folder()
  const data = copy.file("copy")
  const original = await System.start({ env: { REPLICAS: "1" } })
  try {
    // The file of a running system is whole with its write-ahead log.
    cpSync(original.dataDir, data, { recursive: true })
    const env = { PORT: String(await freePort()), DATA_DIR: data, REPLICAS: "1" }
    const { code, out, err } = await doorbuster(["up"], env)
    expect({ code, out }).toEqual({ code: 1, out: "" })
    expect(err).toMatch(
      /^doorbuster: The file in \S+ is a copy of the one in \S+, and both would sell [^\n]+ --adopt [^\n]+\.\n$/,
    )
    await original.createSale("afterwards")
  } finally {
    await original.stop()
  }
  expect(await identityIn(data)).toContain("is a copy")
  const kept = new Database(join(data, "doorbuster.db"))
  const id = kept.query<{ id: string }, []>("SELECT id FROM system").get()?.id
  kept.close()
  expect(await identityIn(data, true)).toBe(id!)
  expect(await identityIn(data)).toBe(id!)
}, 60_000)
