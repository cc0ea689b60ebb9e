import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { ActionList, NodeList } from "../../src/wire/wire.ts"
import { eventually } from "../support/eventually.ts"
import { killAll } from "../support/processes.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"

let system: System

beforeAll(async () => {
  // One replica, because each counts wrong tokens for itself.
  system = await System.start({ env: { REPLICAS: "1" } })
}, 30_000)
afterAll(() => system.stop())

const SESSION = "/api/v1/admin/session"

function signIn(token: string, headers: Record<string, string> = {}): Promise<Response> {
  return system.request(SESSION, { method: "POST", body: JSON.stringify({ token }), headers })
}

async function signedIn(): Promise<string> {
  return (await signIn(ADMIN_TOKEN)).headers.get("set-cookie")!.split(";")[0]!
}

describe("the control room's session", () => {
  test("is a cookie that scripts cannot read, other sites cannot send and other routes do not get", async () => {
    const response = await signIn(ADMIN_TOKEN)
    expect(response.status).toBe(201)
    const cookie = response.headers.get("set-cookie")!
    expect(cookie).toMatch(
      /^control=[\w-]+\.[\w-]{43}; Max-Age=43200; HttpOnly; SameSite=Strict; Path=\/api\/v1\/admin$/,
    )
    expect(cookie).not.toContain(ADMIN_TOKEN)
    // Only PUBLIC_ORIGIN makes it Secure: a header could say anything.
    const claimed = await signIn(ADMIN_TOKEN, { "X-Forwarded-Proto": "https" })
    expect(claimed.headers.get("set-cookie")).not.toContain("Secure")
  })

  test("given the cookie, anything can be read, but only a request of the same origin changes something", async () => {
    const Cookie = await signedIn()
    const { expiresAt } = (await (await system.request(SESSION, { headers: { Cookie } })).json()) as {
      expiresAt: string
    }
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(11 * 3_600_000)
    await system.createSale("cookie")
    const pause = (headers: Record<string, string>) =>
      system.request("/api/v1/admin/sales/cookie/pause", { method: "POST", headers: { Cookie, ...headers } })
    expect((await pause({})).status).toBe(401)
    expect((await pause({ Origin: "https://evil.example" })).status).toBe(401)
    expect((await pause({ Origin: "null" })).status).toBe(401)
    expect((await pause({ Origin: system.url })).status).toBe(200)
  })

  test("ends when the administrator signs out", async () => {
    const Cookie = await signedIn()
    const left = await system.request(SESSION, { method: "DELETE", headers: { Cookie, Origin: system.url } })
    expect(left.headers.get("set-cookie")).toBe("control=; Max-Age=0; HttpOnly; SameSite=Strict; Path=/api/v1/admin")
  })

  test("is refused with one wrong letter, and after its time", async () => {
    const cookie = await signedIn()
    const wrong = [cookie.replace(/.$/, last => (last === "A" ? "Q" : "A")), cookie.replace(/=./, "=f"), `${cookie}A`]
    for (const Cookie of wrong) expect((await system.request(SESSION, { headers: { Cookie } })).status).toBe(401)
  })
})

test("the logbook has every action: what was done, to what, from which address, when, and its status", async () => {
  const began = Date.now()
  const { actions: before } = await system.admin<ActionList>("GET", "/actions")
  await system.createSale("logged")
  await system.admin("POST", "/sales/logged/items/logged/restock", { units: 5 })
  await system.admin("POST", "/sales/logged/close")
  await system.request("/api/v1/admin/sales/logged/resume", { method: "POST", token: ADMIN_TOKEN })
  await system.admin("GET", "/sales/logged/audit")
  await (await system.request("/api/v1/admin/sales/logged/orders.csv", { token: ADMIN_TOKEN })).text()
  await system.admin("GET", "/sales/logged/orders")
  const { actions } = await system.admin<ActionList>("GET", "/actions")
  const now = actions.slice(before.length)
  expect(now.map(({ action, subject, status }) => [action, subject, status])).toEqual([
    ["createSale", "logged", 201],
    ["restock", "logged/logged", 200],
    ["closeSale", "logged", 200],
    ["resumeSale", "logged", 409],
    ["auditSale", "logged", 200],
    ["exportOrders", "logged", 200],
  ])
  for (const { at, address, node } of now) {
    expect(Date.parse(at)).toBeGreaterThanOrEqual(began)
    expect([address, node]).toEqual(["127.0.0.1", "node-1"])
  }
})

test("a kill with a pid that is repeated kills one process", async () => {
  const { nodes } = await system.admin<NodeList>("GET", "/nodes")
  const kill = () => {
    const request = { method: "POST", token: ADMIN_TOKEN, body: JSON.stringify({ pid: nodes[0]!.pid }) }
    return system.request("/api/v1/admin/nodes/node-1/kill", request).catch(() => undefined)
  }
  await kill()
  await answering()
  expect((await kill())?.status).toBe(404)
  const { nodes: now } = await system.admin<NodeList>("GET", "/nodes")
  expect(now[0]!.restarts).toBe(1)
})

test("kills and drains are recorded as they begin, and the logbook outlives every process", async () => {
  await system.request("/api/v1/admin/nodes/node-1/kill", { method: "POST", token: ADMIN_TOKEN }).catch(() => undefined)
  await answering()
  await system.admin("POST", "/nodes/node-1/drain")
  await answering()
  const { dataDir, port } = system
  const last = async () => (await system.admin<ActionList>("GET", "/actions")).actions.slice(-2)
  const drills = await last()
  expect(drills.map(({ action, subject }) => [action, subject])).toEqual([
    ["killNode", "node-1"],
    ["drainNode", "node-1"],
  ])
  killAll(await system.processTree())
  await system.exited
  const restarted = await System.start({ dataDir, port, env: { REPLICAS: "1" } })
  system = restarted
  expect(await last()).toEqual(drills)
}, 60_000)

/** The last test of this file, because it uses up the guesses of the address of all tests. */
test("after too many wrong tokens an address must wait, but the right token still enters, and the logbook keeps its entries", async () => {
  const Cookie = await signedIn()
  const read = async () => await system.admin<ActionList>("GET", "/actions")
  const { actions: before, failedSignIns: none } = await read()
  expect(none).toEqual([])
  let guesses = 0
  let response = await signIn("guess 0")
  while (response.status === 401 && guesses < 50) response = await signIn(`guess ${++guesses}`)
  expect(response.status).toBe(429)
  expect(guesses).toBe(10)
  expect(Number(response.headers.get("retry-after"))).toBeWithin(1, 31)
  expect((await response.json()) as object).toMatchObject({ code: "rate_limited" })
  expect((await system.request("/api/v1/orders/A1-0000", { token: "another guess" })).status).toBe(429)
  expect((await system.request("/api/v1/admin/nodes", { token: "another guess" })).status).toBe(429)
  expect((await signIn(ADMIN_TOKEN)).status).toBe(201)
  expect((await system.request("/api/v1/admin/nodes", { token: ADMIN_TOKEN })).status).toBe(200)
  expect((await system.request("/api/v1/orders/A1-0000", { token: ADMIN_TOKEN })).status).toBe(404)
  expect((await system.request("/api/v1/admin/nodes", { headers: { Cookie } })).status).toBe(200)
  // Wrong tokens from a page of another site are refused and not counted.
  expect((await signIn("guess", { Origin: "https://evil.example" })).status).toBe(401)

  for (let more = 0; more < 600; more++) await signIn(`more ${more}`)
  const { actions, failedSignIns } = await read()
  expect(actions.slice(0, before.length)).toEqual(before)
  expect(actions.slice(before.length).map(({ action, status }) => [action, status])).toEqual([["signIn", 201]])
  expect(failedSignIns.length).toBeWithin(1, 4)
  expect(failedSignIns.every(({ subnet }) => subnet === "127.0.0.1")).toBe(true)
  expect(failedSignIns.reduce((sum, { count }) => sum + count, 0)).toBe(guesses + 1 + 2 + 600)
  expect(JSON.stringify({ actions, failedSignIns })).not.toContain("guess")
})

async function answering(): Promise<void> {
  await eventually("a replica is ready", () =>
    system.request("/readyz").then(
      answer => answer.ok,
      () => false,
    ),
  )
}
