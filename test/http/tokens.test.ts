import { afterAll, beforeAll, expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import { jwtVerify, SignJWT } from "jose"
import { nearMisses } from "../support/http/credentials.ts"
import { ADMIN_TOKEN, DEMO_SALE, SESSION_SECRET, System } from "../support/system.ts"
import { encoded, tokenOf } from "../support/token.ts"

const CUSTOMER_ID_SECRET = "names become ids with this, and it never changes"

const SECRET = new TextEncoder().encode(SESSION_SECRET)

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1", CUSTOMER_ID_SECRET } })
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
  ["a beginning half a minute ahead, as a fast clock writes it", true, jose("c1").setNotBefore("30s")],
  ["a beginning in the future", false, jose("c1").setNotBefore("70s")],
  ["an issue time half a minute ahead", true, jose("c1").setIssuedAt("30s")],
  ["an issue time in the future", false, jose("c1").setIssuedAt("70s")],
  ["an end half a minute ago, as a slow clock writes it", true, jose("c1").setExpirationTime("-30s")],
  ["an end in the past", false, jose("c1").setExpirationTime("-61s")],
  ["no end", false, unaddressed("c1").setAudience("doorbuster")],
  ["another audience", false, jose("c1").setAudience("doorbusters")],
  ["no audience", false, unaddressed("c1").setExpirationTime("5m")],
  ["another algorithm", false, jose("c1", { alg: "HS384" })],
  ["a name of 65 letters", true, jose("c".repeat(65))],
  ["a name of an identity provider", true, jose("auth0|5f7c8ec7c33c6c004bbafe82")],
  ["an e-mail address as a name", true, jose("ann+shop@example.com")],
  ["a name with a space", true, jose("c 1")],
  ["a name in another script", true, jose("名前 Ünal 😀")],
  ["a name of 128 characters", true, jose("é".repeat(128))],
  ["a name too long", false, jose("c".repeat(129))],
  ["a control character in its name", false, jose("c\u00001")],
  ["a line break in its name", false, jose("c\n1")],
  ["a change of direction in its name", false, jose("c\u202e1")],
  ["a line separator in its name", false, jose("c\u20281")],
  ["half of a surrogate pair in its name", false, jose("c\ud800")],
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
  const [session, renewal] = response.headers.getSetCookie()
  expect(session).toContain(`session=${token};`)
  for (const cookie of [session, renewal]) expect(cookie).toMatch(/; Path=\/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax$/)
  expect(await isKnown(token!)).toBe(true)
})

test("a name that is no id becomes its HMAC, which the order shows, and the same name is the same customer", async () => {
  const sub = "auth0|5f7c8ec7c33c6c004bbafe82"
  const customerId = createHmac("sha256", CUSTOMER_ID_SECRET).update(sub).digest("base64url")
  await system.createSale("named")
  const first = await system.buy("named", await jose(sub).sign(SECRET), "k1")
  expect(await first.json()).toMatchObject({ customerId })
  // A shop may name its customer by the id, too.
  const again = await system.buy("named", await jose(customerId).sign(SECRET), "k1")
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"])
  const facts = await (await system.request("/api/v1/admin/sales/named/facts", { token: ADMIN_TOKEN })).text()
  expect(facts).toContain(customerId)
  expect(facts).not.toContain("auth0")
})

test.each([
  ["missing", undefined],
  ["malformed", "no token"],
  ["algorithm", `${encoded({ alg: "none" })}.${encoded({ sub: "c1" })}.`],
  ["algorithm", tokenOf("c1", {}, SESSION_SECRET, { alg: "RS256" })],
  ["signature", tokenOf("c1", {}, "another secret, as long as the right one, or longer")],
  // Of a token that others signed, nothing is said but that.
  ["signature", tokenOf("c 1", { exp: 0, aud: "x" }, "another secret, as long as the right one, or longer")],
  ["audience", tokenOf("c1", { aud: "shop" })],
  ["subject", tokenOf("")],
  ["subject", tokenOf("c1", { sub: 7 })],
  ["early", tokenOf("c1", { nbf: 4e9 })],
  ["early", tokenOf("c1", { iat: "soon" })],
  ["expired", tokenOf("c1", { exp: 1 })],
])("a refused token says in one word why: %s", async (reason, token) => {
  const init = { method: "POST", body: JSON.stringify({ sku: DEMO_SALE }), ...(token !== undefined && { token }) }
  for (const path of [`/api/v1/sales/${DEMO_SALE}/orders`, "/api/v1/orders/A1-AAAA/confirm"]) {
    const response = await system.request(path, init)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: "unauthorized", reason })
    const challenge = reason === "missing" ? "Bearer" : `Bearer error="invalid_token", error_description="${reason}"`
    expect(response.headers.get("www-authenticate")).toBe(challenge)
  }
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
