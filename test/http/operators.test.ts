import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { ActionList, CredentialList, MadeCredential, Order, Session } from "../../src/wire/wire.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "3" } })
}, 30_000)
afterAll(() => system.stop())

const SESSION = "/api/v1/admin/session"

const add = (name: string, rights: object) => system.admin<MadeCredential>("POST", "/credentials", { name, ...rights })

/** A request on a connection of its own, so that the kernel chooses the replica. Answers the status. */
async function status(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const response = await system.request(path, { method, headers: { Connection: "close", ...headers } })
  await response.body?.cancel()
  return response.status
}

/** The answers of twelve requests, which every replica shares in. */
async function everywhere(method: string, path: string, headers: Record<string, string>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: 12 }, () => status(method, path, headers)))
  return [...new Set(answers)]
}

async function signIn(token: string): Promise<{ Cookie: string; Origin: string }> {
  const response = await system.request(SESSION, { method: "POST", body: JSON.stringify({ token }) })
  expect(response.status).toBe(201)
  return { Cookie: response.headers.get("set-cookie")!.split(";")[0]!, Origin: system.url }
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

test("an operator's token is shown once, kept as a digest alone, and names them", async () => {
  const made = await add("ann", { role: "operator" })
  expect(made.token).toMatch(/^dbo_[\w-]{43}$/)
  const kept = readFileSync(join(system.dataDir, "operators.json"), "utf8")
  expect(kept).not.toContain(made.token)
  expect(kept).toContain('"digest"')
  const { credentials } = await system.admin<CredentialList>("GET", "/credentials")
  expect(credentials).toEqual([{ name: "ann", role: "operator", createdAt: made.createdAt, createdBy: "admin" }])
  expect(await (await system.request(SESSION, { token: made.token })).json()).toEqual({ name: "ann", role: "operator" })
  await system.createSale("named")
  await system.request("/api/v1/admin/sales/named/pause", { method: "POST", token: made.token })
  const refused = await system.request("/api/v1/admin/credentials", {
    method: "POST",
    token: made.token,
    body: '{"name":"eve","role":"owner"}',
  })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ code: "forbidden", detail: "This needs the role owner." })
  const { actions } = await system.admin<ActionList>("GET", "/actions")
  expect(actions.map(({ action, subject, status, by }) => [action, subject, status, by])).toEqual([
    ["addCredential", "ann", 201, "admin"],
    ["createSale", "named", 201, "admin"],
    ["pauseSale", "named", 200, "ann"],
    ["addCredential", undefined, 403, "ann"],
  ])
})

test("a new token opens every replica as soon as it was shown", async () => {
  const { token } = await add("new", { role: "viewer" })
  expect(await everywhere("GET", "/api/v1/admin/nodes", bearer(token))).toEqual([200])
})

describe("when the answer comes, at every replica at once", () => {
  test("a session that signed out has ended, with every copy of its cookie, and no other session", async () => {
    const session = await signIn(ADMIN_TOKEN)
    const other = await signIn(ADMIN_TOKEN)
    expect(await everywhere("GET", "/api/v1/admin/nodes", session)).toEqual([200])
    expect(await status("DELETE", SESSION, session)).toBe(200)
    expect(await everywhere("GET", "/api/v1/admin/nodes", session)).toEqual([401])
    expect(await everywhere("GET", "/api/v1/admin/nodes", other)).toEqual([200])
  })

  test("a revoked token has ended, and the sessions that it opened", async () => {
    const { token } = await add("bob", { role: "owner" })
    const session = await signIn(token)
    expect(await everywhere("GET", "/api/v1/admin/nodes", bearer(token))).toEqual([200])
    expect(await everywhere("GET", "/api/v1/admin/nodes", session)).toEqual([200])
    await system.admin("DELETE", "/credentials/bob")
    expect(await everywhere("GET", "/api/v1/admin/nodes", bearer(token))).toEqual([401])
    expect(await everywhere("GET", "/api/v1/admin/nodes", session)).toEqual([401])
    const again = await add("bob", { role: "owner" })
    expect(await everywhere("GET", "/api/v1/admin/nodes", session)).toEqual([401])
    expect(await everywhere("GET", "/api/v1/admin/nodes", bearer(again.token))).toEqual([200])
  })
})

test.each([
  [{ name: "admin", role: "owner" }, 400],
  [{ name: "no spaces", role: "owner" }, 400],
  [{ name: "both", role: "owner", scopes: ["orders:read"] }, 400],
  [{ name: "neither" }, 400],
  [{ name: "odd", role: "king" }, 400],
  [{ name: "odd", scopes: [] }, 400],
  [{ name: "odd", scopes: ["orders:delete"] }, 400],
  [{ name: "ann", role: "viewer" }, 409],
])("given %j, no credential is made: %i", async (body, answer) => {
  const before = await system.admin<CredentialList>("GET", "/credentials")
  const response = await system.request("/api/v1/admin/credentials", {
    method: "POST",
    token: ADMIN_TOKEN,
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(answer)
  expect(await system.admin<CredentialList>("GET", "/credentials")).toEqual(before)
})

test("to revoke an unknown name is 404", async () => {
  expect(await status("DELETE", "/api/v1/admin/credentials/nobody", bearer(ADMIN_TOKEN))).toBe(404)
})

test("a backend mints a session, in which its customer buys as whoever the shop names", async () => {
  const { token } = await add("minter", { scopes: ["sessions:mint"] })
  const mint = (body: object) =>
    system.request("/api/v1/shop/sessions", { method: "POST", token, body: JSON.stringify(body) })
  await system.createSale("minted")
  const response = await mint({ sub: "auth0|ann", seconds: 600 })
  expect(response.status).toBe(201)
  const session = (await response.json()) as Session
  expect(session.customerId).toMatch(/^[\w-]{43}$/)
  expect(Date.parse(session.expiresAt) - Date.now()).toBeWithin(500_000, 601_000)
  const bought = await system.buy("minted", session.token, "k1")
  expect(bought.status).toBe(201)
  expect(((await bought.json()) as Order).customerId).toBe(session.customerId)
  expect((await system.buy("minted", tokenOf("auth0|ann"), "k2")).status).toBe(409)
  expect(((await (await mint({ sub: "c-17" })).json()) as Session).customerId).toBe("c-17")
  for (const body of [{}, { sub: "" }, { sub: "a\u0000b" }, { sub: "a", seconds: 1 }, { sub: "a", more: 1 }]) {
    expect((await mint(body)).status).toBe(400)
  }
})

test("a backend settles orders and steers sales, and the logbook names it", async () => {
  const { token } = await add("payments", { scopes: ["orders:read", "orders:write", "sales:steer"] })
  await system.createSale("settled", { checkout: "hold", holdSeconds: 600 })
  const held = (await (await system.buy("settled", tokenOf("bob"), "k1")).json()) as Order
  const post = async (path: string) => (await system.request(path, { method: "POST", token })).json()
  expect(await post(`/api/v1/orders/${held.id}/confirm`)).toMatchObject({ id: held.id, state: "confirmed" })
  expect(await (await system.request(`/api/v1/orders/${held.id}`, { token })).json()).toMatchObject({
    customerId: "bob",
  })
  expect(await post("/api/v1/shop/sales/settled/pause")).toMatchObject({ state: "paused" })
  expect(await post("/api/v1/shop/sales/settled/resume")).toMatchObject({ state: "open" })
  expect(await post("/api/v1/shop/sales/no%20id/pause")).toMatchObject({ status: 400 })
  const { actions } = await system.admin<ActionList>("GET", "/actions")
  expect(actions.slice(-3).map(({ action, subject, by }) => [action, subject, by])).toEqual([
    ["shopPauseSale", "settled", "payments"],
    ["shopResumeSale", "settled", "payments"],
    ["shopPauseSale", "no id", "payments"],
  ])
})

/** The last test of this file, because it restarts the system and uses up the guesses of this address. */
test("tokens, and the end of sessions, outlive every process, and no guess keeps a right token out", async () => {
  const { token } = await add("kept", { role: "viewer" })
  const backend = await add("shop", { scopes: ["orders:read"] })
  const ended = await signIn(token)
  const going = await signIn(token)
  expect(await status("DELETE", SESSION, ended)).toBe(200)
  const { dataDir, port } = system
  system.signal("SIGTERM")
  await system.exited
  system = await System.start({ dataDir, port })
  expect(await status("GET", SESSION, going)).toBe(200)
  expect(await status("GET", SESSION, ended)).toBe(401)
  const guesses = Array.from({ length: 400 }, (_, at) => `dbo_${String(at).padStart(43, "x")}`)
  const answers = await Promise.all(guesses.map(guess => status("GET", "/api/v1/admin/nodes", bearer(guess))))
  expect(answers.filter(answer => answer === 429).length).toBeGreaterThan(300)
  expect(await everywhere("GET", "/api/v1/admin/nodes", bearer(token))).toEqual([200])
  expect(await everywhere("GET", "/api/v1/orders/A1-0000", bearer(backend.token))).toEqual([404])
}, 60_000)
