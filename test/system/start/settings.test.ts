import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { type Ended, Folder, failedStart } from "../../support/launch.ts"
import { System } from "../../support/system.ts"

/** Exit code 1 and one sentence with these words, and no other output. */
function expectSentence({ code, out, err }: Ended, ...words: string[]): void {
  expect(err).toMatch(/^doorbuster: [^\n]+\.\n$/)
  for (const word of words) expect(err).toContain(word)
  expect(out).toBe("")
  expect(code).toBe(1)
}

test.concurrent.each([
  ["PORT", "80a"],
  ["PORT", "0"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["PORT", "8080.5"],
  ["REPLICAS", "0"],
  ["REPLICAS", "65"],
  ["REPLICAS", "three"],
  ["INVENTORY_URL", "redis://localhost"],
  ["INVENTORY_URL", "sqlite:other.db"],
  ["SESSION_SECRET", "too short"],
  ["ADMIN_TOKEN", "short"],
  ["NODE_ID", "a node"],
  ["DEMO", "yes"],
  ["LOG_LEVEL", "loud"],
  ["HOST", "256.1.1.1"],
  ["HOST", "192.0.2.1"],
])(
  "%s=%s: one sentence, and nothing is created",
  async (name, value) => {
    using folder = new Folder()
    const dataDir = folder.file("data")
    const ended = await failedStart(dataDir, { [name]: value })
    expectSentence(ended, name === "HOST" ? value : name)
    expect(existsSync(dataDir)).toBe(false)
  },
  30_000,
)

test("the message about a refused secret does not repeat it", async () => {
  using folder = new Folder()
  const { err } = await failedStart(folder.path, { ADMIN_TOKEN: "hunter2-hunter2", SESSION_SECRET: "x".repeat(40) })
  expect(err).toBe("doorbuster: ADMIN_TOKEN has 15 bytes, but must have 16 or more.\n")
}, 30_000)

test("a taken port: one sentence, and nothing is created", async () => {
  using folder = new Folder()
  const server = createServer()
  await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening))
  const { port } = server.address() as { port: number }
  const dataDir = folder.file("data")
  expectSentence(await failedStart(dataDir, { PORT: String(port) }), String(port), "PORT")
  expect(existsSync(dataDir)).toBe(false)
  await new Promise(closed => server.close(closed))
}, 30_000)

test("the port of another system: one sentence, although replicas could share the port", async () => {
  using folder = new Folder()
  await using system = await System.start({ env: { REPLICAS: "1" } })
  expectSentence(await failedStart(folder.file("data"), { PORT: String(system.port) }), String(system.port))
  expectSentence(await failedStart(folder.file("data"), { PORT: String(system.port), HOST: "0.0.0.0" }))
  expect((await system.request("/livez")).status).toBe(200)
}, 30_000)

test("the folder of another system: one sentence, and that system is not disturbed", async () => {
  await using system = await System.start({ env: { REPLICAS: "1" } })
  const before = readdirSync(system.dataDir).sort()
  expectSentence(await failedStart(system.dataDir, {}), system.dataDir, "in use")
  expect(readdirSync(system.dataDir).sort()).toEqual(before)
  await system.createSale("afterwards")
}, 30_000)

test("a data folder that is a file or cannot be created: one sentence", async () => {
  using folder = new Folder()
  writeFileSync(folder.file("data"), "a file")
  for (const dataDir of [folder.file("data"), folder.file("data/below"), "/proc/doorbuster"]) {
    expectSentence(await failedStart(dataDir, {}), "DATA_DIR", dataDir)
  }
}, 30_000)

test("a database file that is none, is damaged or is newer: one sentence", async () => {
  using folder = new Folder()
  const file = folder.file("doorbuster.db")
  writeFileSync(file, "no database at all, ".repeat(1000))
  expectSentence(await failedStart(folder.path, {}), file)

  writeFileSync(file, "")
  using database = new Database(file)
  database.run("PRAGMA user_version = 99")
  database.close()
  expectSentence(await failedStart(folder.path, {}), file, "newer")

  using damaged = new Folder()
  await damage(damaged)
  expectSentence(await failedStart(damaged.path, {}), damaged.file("doorbuster.db"))
  expect(readdirSync(damaged.path)).not.toContain("admin-token")
}, 60_000)

/** A file that was in use, with every page but the first overwritten. */
async function damage(folder: Folder): Promise<void> {
  await using system = await System.start({ dataDir: folder.path, env: { REPLICAS: "1" } })
  await system.createSale("a-sale")
  await system.stop()
  const bytes = new Uint8Array(await Bun.file(folder.file("doorbuster.db")).arrayBuffer())
  bytes.fill(0x5a, 4096)
  writeFileSync(folder.file("doorbuster.db"), bytes)
}

test("a secret file that is a folder or is empty: one sentence", async () => {
  for (const name of ["session-secret", "admin-token"]) {
    using folder = new Folder()
    mkdirSync(folder.file(name))
    expectSentence(await failedStart(folder.path, {}), "DATA_DIR")
    using other = new Folder()
    writeFileSync(other.file(name), "\n")
    expectSentence(await failedStart(other.path, {}), other.file(name), "delete it")
  }
}, 30_000)
