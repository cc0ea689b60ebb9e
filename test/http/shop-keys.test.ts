import { expect, test } from "bun:test"
import { ConfigError, readConfig } from "../../src/config/config.ts"
import { ShopKeys } from "../../src/http/auth/shop-keys.ts"
import { FakeTime } from "../support/fake-time.ts"
import { isShown, openSession, send, sessionIn } from "../support/http/session-requests.ts"
import { Shop, type ShopAlgorithm } from "../support/http/shop.ts"
import { System } from "../support/system.ts"
import { encoded, tokenOf } from "../support/token.ts"

/** The kind of fault held here: what somebody else's keys, or a stranger's tokens, cost this system or let in. */
const MINUTE = 60_000

async function judged(keys: ShopKeys, token: string): Promise<unknown> {
  const obstacle = await keys.learn(new Request("http://a/", { headers: { Authorization: `Bearer ${token}` } }))
  return obstacle ?? keys.claimsOf(token)
}

test.each<ShopAlgorithm>(["RS256", "ES256", "EdDSA"])(
  "a token signed with %s is read once and remembered",
  async alg => {
    await using shop = new Shop()
    await shop.addKey("k1", alg)
    const keys = new ShopKeys(shop.settings, new FakeTime())
    const token = await shop.token("k1")
    expect(await judged(keys, token)).toMatchObject({ sub: "auth0|ann" })
    // The second time there is nothing to wait for.
    expect(keys.learn(new Request("http://a/", { headers: { Authorization: `Bearer ${token}` } }))).toBeUndefined()
    expect(keys.learn(new Request("http://a/", { headers: { Cookie: `session=${token}` } }))).toBeUndefined()
    expect(keys.claimsOf(token)).toMatchObject({ sub: "auth0|ann" })
    expect(shop.reads).toBe(1)
  },
)

test("one wrong letter, another algorithm and no algorithm are refused", async () => {
  await using shop = new Shop()
  await shop.addKey("k1", "RS256")
  const keys = new ShopKeys(shop.settings, new FakeTime())
  const [header, payload, signature] = (await shop.token("k1")).split(".") as [string, string, string]
  const wrong = signature.startsWith("A") ? "B" : "A"
  expect(await judged(keys, `${header}.${payload}.${wrong}${signature.slice(1)}`)).toBe("signature")
  expect(await judged(keys, `${header}.${encoded({ sub: "eve" })}.${signature}`)).toBe("signature")
  expect(await judged(keys, `${encoded({ alg: "RS256", kid: "k1", crit: ["x"], x: 1 })}.${payload}.${signature}`)).toBe(
    "malformed",
  )
  // These are not for these keys at all: nothing is learnt, and nothing is waited for.
  for (const alg of ["none", "HS256", "HS512", "PS256", "ES384"]) {
    const token = `${encoded({ alg, kid: "k1" })}.${payload}.${signature}`
    expect(keys.learn(new Request("http://a/", { headers: { Authorization: `Bearer ${token}` } }))).toBeUndefined()
  }
})

test.each([
  [
    "issuer",
    { issuer: "https://id.shop" },
    { iss: "https://id.shop" },
    [{}, { iss: "https://evil" }, { iss: ["https://id.shop"] }],
  ],
  ["audience", { audience: "tickets" }, { aud: ["x", "tickets"] }, [{ aud: "doorbuster" }, { aud: undefined }]],
  ["scope", { scope: "buy" }, { scope: "read buy" }, [{}, { scope: "buyer" }, { scope: ["read"] }]],
  ["scope", { scope: "buy" }, { scope: ["buy"] }, [{ scope: 7 }]],
] as const)(
  "a shop's token without the %s of the setting is refused with that word",
  async (fault, setting, right, wrong) => {
    await using shop = new Shop()
    await shop.addKey("k1", "ES256")
    const keys = new ShopKeys({ ...shop.settings, ...setting }, new FakeTime())
    expect(await judged(keys, await shop.token("k1", right))).toMatchObject({ sub: "auth0|ann", aud: "doorbuster" })
    for (const claims of wrong) expect(await judged(keys, await shop.token("k1", claims))).toBe(fault)
  },
)

test.each([
  [1024, "signature"],
  [2040, "signature"],
  [2048, { sub: "auth0|ann" }],
])("a token signed with an RSA key of %d bits is judged by the key's length", async (bits, expected) => {
  await using shop = new Shop()
  const token = shop.tokenOfShortKey("short", bits)
  const found = await judged(new ShopKeys(shop.settings, new FakeTime()), token)
  if (typeof expected === "string") expect(found).toBe(expected)
  else expect(found).toMatchObject(expected)
})

test.each(["JWKS_ISSUER", "JWKS_AUDIENCE", "JWKS_SCOPE"])("%s without JWKS_URL is refused with one sentence", name => {
  const sentence = `${name} is set, but JWKS_URL, whose tokens it is about, is not.`
  expect(() => readConfig({ [name]: "x" })).toThrow(new ConfigError(sentence))
})

test("a new key is found when its first token comes, and a withdrawn one serves ten minutes longer at most", async () => {
  await using shop = new Shop()
  await shop.addKey("old", "ES256")
  const clock = new FakeTime()
  const keys = new ShopKeys(shop.settings, clock)
  const [first, second] = [await shop.token("old"), await shop.token("old", { jti: "2" })]
  expect(await judged(keys, first)).toMatchObject({ sub: "auth0|ann" })
  await clock.advance(MINUTE)
  await shop.addKey("new", "ES256")
  shop.hide("old")
  expect(await judged(keys, await shop.token("new"))).toMatchObject({ sub: "auth0|ann" })
  expect(await judged(keys, second)).toBe("signature")
  expect(keys.claimsOf(first)).toMatchObject({ sub: "auth0|ann" })
  await clock.advance(10 * MINUTE)
  expect(await judged(keys, first)).toBe("signature")
})

test("a flood of unknown keys has the keys read once in 30 seconds, and holds up no known token", async () => {
  await using shop = new Shop()
  await shop.addKey("k1", "ES256")
  const clock = new FakeTime()
  const keys = new ShopKeys(shop.settings, clock)
  const good = await shop.token("k1")
  await judged(keys, good)
  await clock.advance(MINUTE)
  const flood = await Promise.all(Array.from({ length: 2000 }, (_, at) => shop.token("k1", {}, `k${at + 2}`)))
  const answers = await Promise.all(flood.map(token => judged(keys, token)))
  expect(shop.reads).toBe(2)
  const refused = answers.filter(answer => answer === "signature").length
  const shed = answers.filter(answer => answer === "Too many unknown tokens wait to be verified.").length
  expect([refused + shed, refused >= 256]).toEqual([2000, true])
  // The flood does not push out what is genuine.
  expect(keys.claimsOf(good)).toMatchObject({ sub: "auth0|ann" })
  await clock.advance(31_000)
  await judged(keys, await shop.token("k1", {}, "another"))
  expect(shop.reads).toBe(3)
})

test("while the shop is down known keys serve, and without any the answer is to try again", async () => {
  await using shop = new Shop()
  await shop.addKey("k1", "EdDSA")
  const clock = new FakeTime()
  const keys = new ShopKeys(shop.settings, clock)
  shop.isDown = true
  const token = await shop.token("k1")
  expect(await judged(keys, token)).toBe("The shop's keys cannot be read now.")
  shop.isDown = false
  await clock.advance(1001)
  expect(await judged(keys, token)).toMatchObject({ sub: "auth0|ann" })
  shop.isDown = true
  await clock.advance(60 * MINUTE)
  expect(await judged(keys, await shop.token("k1", { jti: "2" }))).toMatchObject({ sub: "auth0|ann" })
})

test("a customer whose token the shop signed buys, reads and confirms, beside those with HS256", async () => {
  await using shop = new Shop()
  await shop.addKey("k1", "RS256")
  const env = { REPLICAS: "1", JWKS_URL: shop.url, JWKS_ISSUER: "https://id.shop" }
  await using system = await System.start({ env })
  await system.createSale("theirs", { checkout: "hold", holdSeconds: 60 })
  await isShown(system, "theirs")
  const tokenWith = (claims: Record<string, unknown> = {}) => shop.token("k1", { iss: "https://id.shop", ...claims })
  const token = await tokenWith()
  const bought = await system.buy("theirs", token, "k1")
  expect(bought.status).toBe(201)
  const { id, customerId } = (await bought.json()) as { id: string; customerId: string }
  expect(customerId).toMatch(/^[\w-]{43}$/)
  expect((await system.request(`/api/v1/orders/${id}`, { token })).status).toBe(200)
  expect((await system.request(`/api/v1/orders/${id}/confirm`, { method: "POST", token })).status).toBe(200)
  // By cookie, where the shop's own pages set one for this host.
  const page = await send(system, `/orders/${id}`, { headers: { Cookie: `session=${token}` } })
  expect(page.status).toBe(200)
  expect((await system.buy("theirs", tokenOf("bob"), "k1")).status).toBe(201)
  // It is never one of this system's own, whatever it claims, so it is not renewed.
  const posing = await tokenWith({ anonymous: true, iat: 1, sub: "c_1" })
  expect(await sessionIn(await openSession(system, { Authorization: `Bearer ${posing}` }))).toMatchObject({
    token: posing,
  })
  const reasons = [
    ["expired", { exp: 1 }],
    ["early", { nbf: 4e9 }],
    ["audience", { aud: "other" }],
    ["issuer", { iss: "doorbuster" }],
    ["subject", { sub: "" }],
  ] as const
  for (const [reason, claims] of reasons) {
    const refused = await system.buy("theirs", await tokenWith(claims), "k2")
    expect([refused.status, await refused.json()]).toMatchObject([401, { reason }])
  }
}, 30_000)
