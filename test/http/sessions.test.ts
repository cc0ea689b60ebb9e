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
import { SESSION_SECRET, System } from "../support/system.ts"
import { encoded, signatureOf, tokenOf } from "../support/token.ts"

/**
 * The kind of fault held here: a request that its sender's browser marks as another site's changes, replaces or reads who the
 * visitor is. Every route that sets a buyer's cookie is in `SETTERS`; a new one belongs there.
 */
const DAY = 24 * 3600

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
  await system.createSale("forms", { limitPerCustomer: 5 })
  await system.createSale("holds", { checkout: "hold", holdSeconds: 86_400, limitPerCustomer: 5 })
  await isShown(system, "holds")
}, 30_000)
afterAll(() => system.stop())

const fieldIn = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ""
const isHeadOf = (cookies: string[]) => cookies.map(cookie => cookie.split("=")[0])

const FOREIGN: Record<string, string>[] = [
  { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
  { "Sec-Fetch-Site": "same-site", Origin: "http://neighbour.localhost" },
  { "Sec-Fetch-Site": "cross-site" },
  { Origin: "https://evil.example" },
  { Origin: "null" },
]

const SETTERS: [name: string, ask: (headers: Record<string, string>) => Promise<Response>][] = [
  ["POST /api/v1/sessions", headers => openSession(system, headers)],
  ["POST /sales/{id}/buy", headers => send(system, "/sales/forms/buy", form({ key: "k", sku: "forms" }, headers))],
  ["GET /sales/{id}?plain", headers => send(system, "/sales/forms?plain", { headers })],
  ["GET /?plain", headers => send(system, "/?plain", { headers })],
]

describe.each(SETTERS)("%s", (name, ask) => {
  test.each(FOREIGN)("sets no cookie on a request of another site: %p", async headers => {
    expect(cookiesOf(await ask(headers))).toEqual([])
    const known = cookieHeader(await openSession(system))
    expect(cookiesOf(await ask({ ...headers, Cookie: known }))).toEqual([])
  })

  test("sets both cookies for a page of the shop, and for a program", async () => {
    const names = ["session", "renewal"]
    expect(isHeadOf(cookiesOf(await ask({ Origin: system.url, "Sec-Fetch-Site": "same-origin" })))).toEqual(names)
    if (!name.includes("/buy")) expect(isHeadOf(cookiesOf(await ask({})))).toEqual(names)
  })
})

test("a page of another site learns nothing of its visitor's customer", async () => {
  const mine = await openSession(system)
  const { customerId } = await sessionIn(mine)
  for (const headers of FOREIGN) {
    const theirs = await sessionIn(await openSession(system, { ...headers, Cookie: cookieHeader(mine) }))
    expect(theirs.customerId).not.toBe(customerId)
  }
})

describe("a form", () => {
  const page = async (headers: Record<string, string> = {}) =>
    (await send(system, "/sales/forms?plain", { headers })).text()
  const buy = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    send(system, "/sales/forms/buy", form({ sku: "forms", ...fields }, { Origin: system.url, ...headers }))

  test("buys once where cookies are blocked, and shows the order itself", async () => {
    const text = await page()
    const fields = { key: fieldIn(text, "key"), customer: fieldIn(text, "customer") }
    const orders = []
    for (let time = 0; time < 3; time++) {
      const response = await buy(fields)
      expect(response.status).toBe(200)
      orders.push(/<code>([A-Z][0-9]+-[0-9A-Z]{4})<\/code>/.exec(await response.text())?.[1])
    }
    expect(orders[0]).toBeDefined()
    expect(new Set(orders).size).toBe(1)
  })

  test("of a reader who came by a link of another site buys, and only then gives its cookies", async () => {
    const came = await send(system, "/sales/forms?plain", { headers: { "Sec-Fetch-Site": "cross-site" } })
    expect(cookiesOf(came)).toEqual([])
    const text = await came.text()
    const bought = await buy({ key: fieldIn(text, "key"), customer: fieldIn(text, "customer") })
    const order = /<code>([^<]+)<\/code>/.exec(await bought.text())?.[1]
    const read = await send(system, `/orders/${order}`, { headers: { Cookie: cookieHeader(bought) } })
    expect(read.status).toBe(200)
  })

  test("keeps its customer when the cookie has become another's, whose cookie stays", async () => {
    const text = await page()
    const fields = { key: fieldIn(text, "key"), customer: fieldIn(text, "customer") }
    const first = await (await buy(fields)).text()
    const other = cookieHeader(await openSession(system))
    const again = await buy(fields, { Cookie: other })
    expect(cookiesOf(again)).toEqual([])
    expect(/<code>([^<]+)/.exec(await again.text())?.[1]).toBe(/<code>([^<]+)/.exec(first)?.[1])
  })

  test("with a customer that nobody signed, or a session in its place, acts for the cookie", async () => {
    const { token } = await sessionIn(await openSession(system))
    for (const customer of ["", "c_1", `${encoded({ alg: "none" })}.${encoded({ sub: "c1" })}.`, token]) {
      expect((await buy({ key: "k9", customer })).status).toBe(401)
    }
  })

  test("that confirms a held unit works where cookies are blocked", async () => {
    const text = await (await send(system, "/sales/holds?plain")).text()
    const fields = { sku: "holds", key: fieldIn(text, "key"), customer: fieldIn(text, "customer") }
    const held = await (await send(system, "/sales/holds/buy", form(fields, { Origin: system.url }))).text()
    const [, order] = /<code>([^<]+)<\/code>/.exec(held) ?? []
    const confirm = { customer: fieldIn(held, "customer") }
    const response = await send(system, `/orders/${order}/confirm`, form(confirm, { Origin: system.url }))
    expect(await response.text()).toContain("It’s yours.")
    expect(await system.order(order!)).toMatchObject({ state: "confirmed" })
    expect((await send(system, `/orders/${order}/confirm`, form(confirm, FOREIGN[0]))).status).toBe(404)
  })
})

describe("a renewal", () => {
  const now = Math.floor(Date.now() / 1000)
  /** What this system itself signs, made without the code under test. */
  const own = (claims: object) => {
    const all = { aud: "doorbuster", iat: now - 40 * DAY, iss: "doorbuster", anonymous: true, sub: "c_1", ...claims }
    const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(all)}`
    return `${signed}.${signatureOf(signed, SESSION_SECRET)}`
  }

  test("keeps the customer: by the session, by the renewal's cookie alone, and by a program's token", async () => {
    const first = await openSession(system)
    const { customerId, token } = await sessionIn(first)
    const [, renewal] = cookieHeader(first).split("; ")
    for (const headers of [
      { Cookie: cookieHeader(first) },
      { Cookie: renewal! },
      { Authorization: `Bearer ${token}` },
    ]) {
      expect((await sessionIn(await openSession(system, headers))).customerId).toBe(customerId)
    }
  })

  test("keeps the customer of a session that ended up to 30 days ago, and no longer", async () => {
    const ended = (days: number) => ({ Authorization: `Bearer ${own({ exp: now - days * DAY })}` })
    expect((await sessionIn(await openSession(system, ended(29)))).customerId).toBe("c_1")
    expect((await sessionIn(await openSession(system, ended(31)))).customerId).not.toBe("c_1")
    expect(
      (await sessionIn(await openSession(system, { Cookie: `session=${own({ exp: now - DAY })}` }))).customerId,
    ).toBe("c_1")
  })

  test("never makes a shop's token longer, and gives back one that is good", async () => {
    const good = tokenOf("ann")
    const kept = await openSession(system, { Authorization: `Bearer ${good}` })
    expect(await sessionIn(kept)).toMatchObject({ token: good, customerId: "ann" })
    expect(cookiesOf(kept)).toEqual([])
    const ended = await sessionIn(
      await openSession(system, { Authorization: `Bearer ${tokenOf("ann", { exp: now - 3600 })}` }),
    )
    expect(ended.customerId).not.toBe("ann")
  })

  test("is no session, and a session is no renewal", async () => {
    const [session, renewal] = cookieHeader(await openSession(system)).split("; ")
    const token = renewal!.replace("renewal=", "")
    const response = await system.request("/api/v1/orders/A1-AAAA", { token })
    expect(await response.json()).toMatchObject({ reason: "audience" })
    const { customerId } = await sessionIn(await openSession(system, { Cookie: session! }))
    const swapped = { Cookie: session!.replace("session", "renewal") }
    expect((await sessionIn(await openSession(system, swapped))).customerId).not.toBe(customerId)
  })

  test("a session lasts for as long as its customer's hold", async () => {
    const ends = now + 3600
    const headers = { Cookie: `session=${own({ exp: ends, iat: now })}`, Origin: system.url, "Idempotency-Key": "h1" }
    const body = JSON.stringify({ sku: "holds" })
    const bought = await send(system, "/api/v1/sales/holds/orders", { method: "POST", headers, body })
    expect(bought.status).toBe(201)
    const { payBefore } = (await bought.json()) as { payBefore: string }
    const [session] = cookiesOf(bought)
    expect(now + Number(/Max-Age=([0-9]+)/.exec(session!)![1])).toBeGreaterThan(Date.parse(payBefore) / 1000)
    const read = await sessionIn(await openSession(system, { Cookie: cookieHeader(bought) }))
    expect(read.customerId).toBe("c_1")
  })
})
