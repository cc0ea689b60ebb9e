import { expect, test } from "bun:test"
import { readFileSync, statSync } from "node:fs"
import { jwtVerify } from "jose"
import { Folder } from "../../support/launch.ts"
import { DEMO_SALE, System } from "../../support/system.ts"

/** A new user sets no secrets. */
const NO_SECRETS = { SESSION_SECRET: "", ADMIN_TOKEN: "", REPLICAS: "1" }

test("the first start makes secrets that only their owner can read, and shows the token; the second uses them and does not show it", async () => {
  using folder = new Folder()
  const contents = () => ["session-secret", "admin-token"].map(name => readFileSync(folder.file(name), "utf8").trim())
  const first = await System.start({ dataDir: folder.path, env: NO_SECRETS })
  const [secret, token] = contents() as [string, string]
  for (const name of ["session-secret", "admin-token"]) expect(statSync(folder.file(name)).mode & 0o777).toBe(0o600)
  expect(first.printed.split(token).length).toBe(2)
  expect(first.printed).not.toContain(secret)
  const bearer = { token }
  expect((await first.request("/api/v1/admin/nodes", bearer)).status).toBe(200)
  const session = (await (await first.request("/api/v1/sessions", { method: "POST" })).json()) as { token: string }
  await jwtVerify(session.token, new TextEncoder().encode(secret), { audience: "doorbuster" })
  expect((await first.buy(DEMO_SALE, session.token, "k")).status).toBe(201)
  await first.stop()

  const second = await System.start({ dataDir: folder.path, env: NO_SECRETS })
  expect(contents()).toEqual([secret, token])
  expect(second.printed).not.toContain(token)
  expect(second.printed).toContain(folder.file("admin-token"))
  expect((await second.request("/api/v1/admin/nodes", bearer)).status).toBe(200)
  expect((await second.buy(DEMO_SALE, session.token, "k")).status).toBe(200)
  await second.stop()
}, 30_000)

test("a start that fails shows no token; the first that succeeds does", async () => {
  using folder = new Folder()
  await using other = await System.start({ env: { REPLICAS: "1" } })
  const env = { ...NO_SECRETS, PORT: String(other.port) }
  expect(System.start({ dataDir: folder.path, env })).rejects.toThrow("taken")
  const system = await System.start({ dataDir: folder.path, env: NO_SECRETS })
  expect(system.printed).toContain(readFileSync(folder.file("admin-token"), "utf8").trim())
  await system.stop()
}, 30_000)

test("secrets from the settings are used, and neither kept nor shown", async () => {
  await using system = await System.start({ env: { REPLICAS: "1" } })
  expect(system.printed).not.toContain("Admin token")
  expect(await Bun.file(`${system.dataDir}/admin-token`).exists()).toBe(false)
  expect(await Bun.file(`${system.dataDir}/session-secret`).exists()).toBe(false)
}, 30_000)

test("the first lines tell where everything is", async () => {
  await using system = await System.start({ env: { REPLICAS: "2" } })
  const site = `http://localhost:${system.port}`
  for (const line of ["2 replicas", `${site}/\n`, `${site}/control`, `${site}/docs`, "npm run attack", "Ctrl-C"]) {
    expect(system.printed).toContain(line)
  }
  for (const path of ["/", "/control", "/docs"]) expect((await system.request(path)).status).toBe(200)
}, 30_000)

test("an empty store gets the demo sale unless DEMO=0; a store with sales stays as it is", async () => {
  using folder = new Folder()
  const salesOf = async (system: System) => {
    const { sales } = (await (await system.request("/api/v1/sales")).json()) as { sales: { id: string }[] }
    await system.stop()
    return sales.map(({ id }) => id)
  }
  const start = (DEMO: string) => System.start({ dataDir: folder.path, env: { DEMO, REPLICAS: "1" } })
  expect(await salesOf(await start("0"))).toEqual([])
  expect(await salesOf(await start("1"))).toEqual([DEMO_SALE])
  using other = new Folder()
  const mine = await System.start({ dataDir: other.path, env: { DEMO: "0", REPLICAS: "1" } })
  await mine.createSale("mine")
  await mine.stop()
  expect(await salesOf(await System.start({ dataDir: other.path, env: { REPLICAS: "1" } }))).toEqual(["mine"])
}, 60_000)

test("REPLICAS=5 starts five replicas, and each of them serves", async () => {
  await using system = await System.start({ env: { REPLICAS: "5" } })
  const nodes = new Set<string>()
  for (let tries = 0; nodes.size < 5 && tries < 500; tries++) {
    nodes.add((await system.request("/livez", { headers: { Connection: "close" } })).headers.get("x-served-by")!)
  }
  expect([...nodes].sort()).toEqual(["node-1", "node-2", "node-3", "node-4", "node-5"])
}, 30_000)
