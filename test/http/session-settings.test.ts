import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import {
  cookieHeader,
  cookiesOf,
  form,
  isShown,
  openSession,
  send,
  sessionIn,
} from "../support/http/session-requests.ts"
import { ADMIN_TOKEN, SESSION_SECRET, System } from "../support/system.ts"
import { signatureOf, tokenOf } from "../support/token.ts"

/** The settings that say who may buy and how a request proves it. */
const SHOP = "https://shop.example"
const ALLOWED = "https://partner.example"

/** Signs in to the control room on a page of `origin`. */
function openControl(shop: System, origin: string): Promise<Response> {
  const headers = { Origin: origin, Host: new URL(origin).host, "Content-Type": "application/json" }
  const body = JSON.stringify({ token: ADMIN_TOKEN })
  return send(shop, "/api/v1/admin/session", { method: "POST", headers, body })
}

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1", ALLOWED_ORIGINS: ALLOWED } })
  await system.createSale("foreign", { limitPerCustomer: 5 })
  await isShown(system, "foreign")
}, 30_000)
afterAll(() => system.stop())

describe("ALLOWED_ORIGINS", () => {
  const preflight = (path: string, origin: string) =>
    send(system, path, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "idempotency-key",
      },
    })

  test("get a token, no cookie, and can buy with it", async () => {
    const response = await openSession(system, { Origin: ALLOWED, "Sec-Fetch-Site": "cross-site" })
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED)
    expect(response.headers.get("access-control-allow-credentials")).toBeNull()
    expect(cookiesOf(response)).toEqual([])
    const { token } = await sessionIn(response)
    const headers = { Authorization: `Bearer ${token}`, Origin: ALLOWED, "Content-Type": "application/json" }
    const init = { method: "POST", headers, body: JSON.stringify({ sku: "foreign" }) }
    const bought = await send(system, "/api/v1/sales/foreign/orders", init)
    expect([bought.status, bought.headers.get("access-control-allow-origin")]).toEqual([201, ALLOWED])
    expect(bought.headers.get("access-control-expose-headers")).toContain("Idempotency-Key")
    const { id } = (await bought.json()) as { id: string }
    const read = await send(system, `/api/v1/orders/${id}`, { headers })
    expect([read.status, read.headers.get("access-control-allow-origin")]).toEqual([200, ALLOWED])
    const refused = await send(system, "/api/v1/sales/foreign/orders", { ...init, headers: { Origin: ALLOWED } })
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, ALLOWED])
  })

  test("may ask first, on the shop's API only", async () => {
    for (const path of ["/api/v1/sessions", "/api/v1/sales/foreign/orders", "/api/v1/orders/A1-AAAA/confirm"]) {
      const response = await preflight(path, ALLOWED)
      expect(response.status).toBe(204)
      expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED)
      expect(response.headers.get("access-control-allow-headers")).toContain("Idempotency-Key")
      const other = await preflight(path, "https://evil.example")
      expect(other.headers.get("access-control-allow-origin")).toBeNull()
    }
    for (const path of ["/api/v1/admin/sales", "/metrics", "/control"]) {
      expect((await preflight(path, ALLOWED)).headers.get("access-control-allow-origin")).toBeNull()
    }
  })

  test("and everybody else may read sales, whose copies a proxy keeps", async () => {
    for (const path of ["/api/v1/sales", "/api/v1/sales/foreign"]) {
      expect((await send(system, path)).headers.get("access-control-allow-origin")).toBe("*")
    }
  })
})

test("PUBLIC_ORIGIN: cookies are of this host and HTTPS, and origins are compared with it", async () => {
  await using shop = await System.start({ env: { REPLICAS: "1", PUBLIC_ORIGIN: SHOP } })
  await shop.createSale("secure")
  await isShown(shop, "secure")
  const response = await openSession(shop, { Origin: SHOP })
  const { customerId } = await sessionIn(response)
  for (const [at, name] of ["session", "renewal"].entries()) {
    expect(cookiesOf(response)[at]).toMatch(
      new RegExp(`^__Host-${name}=[^;]+; Path=/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax; Secure$`),
    )
  }
  // A header cannot claim it, and the shop's own Host is not its address any more.
  const claimed = await openSession(shop, { Origin: shop.url, "X-Forwarded-Proto": "https" })
  expect(cookiesOf(claimed)).toEqual([])
  const buy = (headers: Record<string, string>) =>
    send(shop, "/api/v1/sales/secure/orders", { method: "POST", headers, body: '{"sku":"secure"}' })
  const cookie = cookieHeader(response)
  expect(await (await buy({ Cookie: cookie, Origin: shop.url })).json()).toMatchObject({ reason: "origin" })
  expect(await (await buy({ Cookie: cookie, Origin: SHOP })).json()).toMatchObject({ customerId })
  // Sessions from before the setting go on, under the other name, and a neighbour's plain cookie does not come first.
  expect((await sessionIn(await openSession(shop, { Cookie: cookie.replaceAll("__Host-", "") }))).customerId).toBe(
    customerId,
  )
  const tossed = `session=${tokenOf("evil")}; ${cookie}`
  expect((await sessionIn(await openSession(shop, { Cookie: tossed }))).customerId).toBe(customerId)
  expect((await send(shop, "/api/v1/sales", {})).headers.get("access-control-allow-origin")).toBeNull()
  const control = await openControl(shop, SHOP)
  const [kept = ""] = cookiesOf(control)
  expect(kept).toMatch(/^__Host-control=[^;]+; Max-Age=[0-9]+; HttpOnly; SameSite=Strict; Path=\/; Secure$/)
  const session = (Cookie: string, method = "GET") =>
    send(shop, "/api/v1/admin/session", { method, headers: { Cookie, Origin: SHOP, Host: "shop.example" } })
  const Cookie = kept.split(";")[0] ?? ""
  // A plain cookie that a neighbour planted does not come first. On the loopback port a plain one is all there is.
  expect((await session(`control=${"x".repeat(8)}.${"x".repeat(43)}; ${Cookie}`)).status).toBe(200)
  expect(cookiesOf(await openControl(shop, shop.url))[0]).toStartWith("control=")
  expect(cookiesOf(await session(Cookie, "DELETE"))[0]).toStartWith("__Host-control=; Max-Age=0; ")
  expect((await session(Cookie)).status).toBe(401)
  expect(await (await send(shop, "/sales/secure/calendar.ics", {})).text()).toContain(`${SHOP}/sales/secure`)
}, 30_000)

test("ANONYMOUS=off: nobody becomes a customer alone, and a shop's customers buy", async () => {
  await using shop = await System.start({ env: { REPLICAS: "1", ANONYMOUS: "off" } })
  await shop.createSale("members")
  await isShown(shop, "members")
  const anonymous = await sessionIn(await openSession(system))
  for (const headers of [{}, { Origin: shop.url }, { Authorization: `Bearer ${anonymous.token}` }]) {
    const refused = await openSession(shop, headers)
    expect([refused.status, cookiesOf(refused)]).toEqual([401, []])
    expect(await refused.json()).toMatchObject({ reason: "anonymous", detail: expect.stringContaining("Sign in") })
  }
  // One from before the setting, too. Its signature is good, because both systems here have one secret.
  expect((await shop.buy("members", anonymous.token, "k1")).status).toBe(401)
  const page = await (await send(shop, "/sales/members?plain", {})).text()
  expect(page).toContain("Sign in at the shop")
  expect(page).not.toContain("<form")
  const id = await (await send(shop, "/sales/members?plain&lang=id", {})).text()
  expect(id).toContain("Masuk dulu di toko")
  const posted = await send(shop, "/sales/members/buy", form({ key: "k", sku: "members" }, { Origin: shop.url }))
  expect([posted.status, cookiesOf(posted)]).toEqual([401, []])
  expect((await shop.buy("members", tokenOf("ann"), "k1")).status).toBe(201)
  const withForm = await (
    await send(shop, "/sales/members?plain", { headers: { Cookie: `session=${tokenOf("bob")}` } })
  ).text()
  expect(withForm).toContain("<form")
}, 30_000)

test("a session of one system is refused by another with the same secret", async () => {
  const mine = await openSession(system)
  const { token, customerId } = await sessionIn(mine)
  await using other = await System.start({ env: { REPLICAS: "1" } })
  await other.createSale("elsewhere")
  const refused = await other.buy("elsewhere", token, "k1")
  expect([refused.status, await refused.json()]).toMatchObject([401, { reason: "system" }])
  expect((await sessionIn(await openSession(other, { Cookie: cookieHeader(mine) }))).customerId).not.toBe(customerId)
  // A shop that sells in both names its customers in both.
  expect((await other.buy("elsewhere", tokenOf("ann"), "k1")).status).toBe(201)
}, 30_000)

test("two secrets: the one before verifies, and only the new one signs", async () => {
  const before = "the secret before this one, long enough too"
  await using shop = await System.start({ env: { REPLICAS: "1", SESSION_SECRET_PREVIOUS: before } })
  await shop.createSale("turned")
  expect((await shop.buy("turned", tokenOf("ann", {}, before), "k1")).status).toBe(201)
  expect((await shop.buy("turned", tokenOf("bob"), "k1")).status).toBe(201)
  const third = await shop.buy("turned", tokenOf("eve", {}, "a third secret that nobody ever configured"), "k1")
  expect(third.status).toBe(401)
  const { token } = await sessionIn(await openSession(shop, {}))
  const [, , signature] = token.split(".")
  expect(signature).toBe(signatureOf(token.slice(0, token.lastIndexOf(".")), SESSION_SECRET))
}, 30_000)
