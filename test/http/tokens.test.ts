import { afterAll, beforeAll, expect, test } from "bun:test"
import { jwtVerify, SignJWT } from "jose"
import { nearMisses } from "../support/http/credentials.ts"
import { ADMIN_TOKEN, DEMO_SALE, SESSION_SECRET, System } from "../support/system.ts"

const SECRET = new TextEncoder().encode(SESSION_SECRET)

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
}, 30_000)
afterAll(() => system.stop())

/** An unknown order: 404 with a valid token, 401 without one. */
async function isKnown(token: string): Promise<boolean> {
  const { status } = await system.request("/api/v1/orders/A999-AAAA", { token })
  expect([401, 404]).toContain(status)
  return status === 404
}

function jose(customerId: string, header: object = {}): SignJWT {
  return unaddressed(customerId, header).setAudience("doorbuster").setExpirationTime("5m")
}

function unaddressed(customerId: string, header: object = {}): SignJWT {
  return new SignJWT().setProtectedHeader({ alg: "HS256", ...header }).setSubject(customerId)
}

test("a token made by another library can buy", async () => {
  const response = await system.buy(DEMO_SALE, await jose("a-customer_of-THE_shop").sign(SECRET), "k1")
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({ customerId: "a-customer_of-THE_shop" })
})

test.each([
  ["several audiences", true, jose("c1").setAudience(["shop", "doorbuster"])],
  ["more in its header", true, jose("c1", { typ: "at+jwt", kid: "2026-11" })],
  ["more claims", true, jose("c1").setIssuer("https://shop.example").setIssuedAt().setJti("1")],
  ["a beginning in the past", true, jose("c1").setNotBefore("-1m")],
  ["a beginning in the future", false, jose("c1").setNotBefore("1m")],
  ["an end in the past", false, jose("c1").setExpirationTime("-1s")],
  ["no end", false, unaddressed("c1").setAudience("doorbuster")],
  ["another audience", false, jose("c1").setAudience("doorbusters")],
  ["no audience", false, unaddressed("c1").setExpirationTime("5m")],
  ["another algorithm", false, jose("c1", { alg: "HS384" })],
  ["a name too long", false, jose("c".repeat(65))],
  ["a name with a space", false, jose("c 1")],
  ["an empty name", false, jose("")],
] as const)("a token with %s: known %p", async (_, expected, token) => {
  expect(await isKnown(await token.sign(SECRET))).toBe(expected)
})

test("another library can read our tokens", async () => {
  const response = await system.request("/api/v1/sessions", { method: "POST" })
  const { token, customerId, expiresAt } = (await response.json()) as Record<string, string>
  const { payload, protectedHeader } = await jwtVerify(token!, SECRET, {
    audience: "doorbuster",
    algorithms: ["HS256"],
  })
  expect(protectedHeader).toEqual({ alg: "HS256", typ: "JWT" })
  expect(payload.sub).toBe(customerId)
  expect(new Date(payload.exp! * 1000).toISOString()).toBe(expiresAt!)
  const cookie = response.headers.get("set-cookie")!
  expect(cookie).toContain(`session=${token};`)
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
  expect(await isKnown(token!)).toBe(true)
})

test("given HTTPS, the cookie is sent over HTTPS only", async () => {
  const headers = { "X-Forwarded-Proto": "https" }
  const response = await system.request("/api/v1/sessions", { method: "POST", headers })
  expect(response.headers.get("set-cookie")).toMatch(/; Secure$/)
})

test("a token with one wrong letter in its signature is refused", async () => {
  for (const token of nearMisses()) expect(await isKnown(token)).toBe(false)
})

test("a text that is not a token is refused", async () => {
  const wrong = ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", `${"x".repeat(3000)}.a.b`, "e30.e30.e30", "%00"]
  for (const token of wrong) expect(await isKnown(token)).toBe(false)
})

test("the scheme Bearer is accepted in any case, and no other scheme is", async () => {
  const withHeader = async (authorization: string) =>
    (await system.request("/api/v1/admin/nodes", { headers: { Authorization: authorization } })).status
  expect(await withHeader(`bearer ${ADMIN_TOKEN}`)).toBe(200)
  expect(await withHeader(`BEARER ${ADMIN_TOKEN}`)).toBe(200)
  expect(await withHeader(ADMIN_TOKEN)).toBe(401)
  expect(await withHeader(`Basic ${ADMIN_TOKEN}`)).toBe(401)
  expect(await withHeader(`Bearer ${ADMIN_TOKEN}x`)).toBe(401)
  expect(await withHeader(`Bearer ${ADMIN_TOKEN.slice(0, -1)}`)).toBe(401)
})
