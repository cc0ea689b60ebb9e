import { expect, test } from "bun:test"
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { Folder } from "../support/launch.ts"
import { System } from "../support/system.ts"

// The kind: what other users and other programs of the machine could read of a system that they have no part in.

const modeOf = (path: string) => statSync(path).mode & 0o777

/** Every file of the folder that somebody else may read or write. */
function openFiles(folder: Folder): string[] {
  return readdirSync(folder.path).filter(name => modeOf(folder.file(name)) !== 0o600)
}

test("given a first start, the data folder and everything in it are for their owner alone", async () => {
  using folder = new Folder()
  await using system = await System.start({ dataDir: folder.path, env: { ADMIN_TOKEN: "", SESSION_SECRET: "" } })
  await system.createSale("shoes").catch(() => {})
  expect(modeOf(folder.path)).toBe(0o700)
  expect(openFiles(folder)).toEqual([])
  expect(readdirSync(folder.path).length).toBeGreaterThan(3)
}, 30_000)

test("given a folder of an earlier release that everybody may read, a start tightens it, and leaves other files alone", async () => {
  using folder = new Folder()
  await (await System.start({ dataDir: folder.path, env: { REPLICAS: "1" } })).stop()
  chmodSync(folder.path, 0o755)
  for (const name of readdirSync(folder.path)) chmodSync(folder.file(name), 0o644)
  await (await System.start({ dataDir: folder.path, env: { REPLICAS: "1" } })).stop()
  expect([modeOf(folder.path), openFiles(folder)]).toEqual([0o700, []])

  writeFileSync(folder.file("notes.txt"), "not of this program")
  chmodSync(folder.file("notes.txt"), 0o644)
  chmodSync(folder.path, 0o755)
  await (await System.start({ dataDir: folder.path, env: { REPLICAS: "1" } })).stop()
  expect([modeOf(folder.path), openFiles(folder)]).toEqual([0o755, ["notes.txt"]])
}, 30_000)

test("given secrets of any origin, no replica has one in its environment or on its command line", async () => {
  using folder = new Folder()
  await using system = await System.start({
    dataDir: folder.path,
    env: { ADMIN_TOKEN: "", SESSION_SECRET: "s".repeat(40) },
  })
  const secrets = ["admin-token", "customer-id-secret"].map(name => readFileSync(folder.file(name), "utf8").trim())
  const [, , ...replicas] = await system.processTree()
  expect(replicas).toHaveLength(3)
  for (const pid of replicas) {
    const shown = readFileSync(`/proc/${pid}/environ`, "utf8") + readFileSync(`/proc/${pid}/cmdline`, "utf8")
    expect(shown).toContain(folder.path)
    for (const secret of [...secrets, "s".repeat(40)]) expect(shown.includes(secret)).toBe(false)
  }
  const response = await fetch(`${system.url}/api/v1/admin/nodes`, {
    headers: { Authorization: `Bearer ${secrets[0]}` },
  })
  expect(response.status).toBe(200)
}, 30_000)
