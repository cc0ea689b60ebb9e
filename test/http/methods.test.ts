import { afterAll, beforeAll, expect, test } from "bun:test"
import { ROUTES } from "../../src/http/api/routes.ts"
import { type PipelinedAnswer, pipelined } from "../support/http/pipeline.ts"
import { ADMIN_TOKEN, DEMO_SALE, System } from "../support/system.ts"

/** Methods, HEAD, OPTIONS and `Allow` of RFC 9110, on every route. */
let system: System
beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
}, 60_000)
afterAll(() => system?.stop())

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"]
const PAGES: Record<string, string[]> = {
  "/": ["get"],
  "/control": ["get"],
  "/favicon.ico": ["get"],
  "/plain.css": ["get"],
  "/plain.js": ["get"],
  "/docs.css": ["get"],
  [`/sales/${DEMO_SALE}`]: ["get"],
  [`/sales/${DEMO_SALE}/proof`]: ["get"],
  [`/sales/${DEMO_SALE}/calendar.ics`]: ["get"],
  [`/sales/${DEMO_SALE}/buy`]: ["post"],
  "/orders/A1-AAAA": ["get"],
  "/orders/A1-AAAA/confirm": ["post"],
  "/orders/A1-AAAA/cancel": ["post"],
}

const table = new Map(Object.entries(PAGES))
for (const { method, template } of ROUTES) {
  const path = template
    .replace("{saleId}", DEMO_SALE)
    .replace("{orderId}", "A1-AAAA")
    .replace(/\{\w+\}/g, "nothing")
  table.set(path, [...(table.get(path) ?? []), method])
}
const allowedAt = (methods: string[]) =>
  METHODS.filter(method => {
    return (
      methods.includes(method.toLowerCase()) || method === "OPTIONS" || (method === "HEAD" && methods.includes("get"))
    )
  })

const headerOf = (answer: PipelinedAnswer | undefined, name: string) =>
  new RegExp(`\\r\\n${name}: ([^\\r]*)`, "i").exec(answer?.head ?? "")?.[1]

test.each([...table])("at %s, %j are answered and every other method is 405 with Allow", async (target, methods) => {
  const allowed = allowedAt(methods)
  const others = METHODS.filter(method => !allowed.includes(method))
  const headers = ["Content-Length: 0"]
  for (const withToken of [[], [`Authorization: Bearer ${ADMIN_TOKEN}`]]) {
    const asked = others.map(method => ({ method, target, headers: [...headers, ...withToken] }))
    const answers = await pipelined(system.port, asked, 1)
    for (const [at, answer] of answers.entries()) {
      expect([others[at], answer?.status, headerOf(answer, "allow")]).toEqual([others[at], 405, allowed.join(", ")])
      expect(headerOf(answer, "content-type")).toBe("application/problem+json")
      if (others[at] === "HEAD") continue
      expect(JSON.parse(answer?.body ?? "")).toMatchObject({ status: 405, code: "method_not_allowed" })
    }
  }
  const [options] = await pipelined(system.port, [{ method: "OPTIONS", target, headers }], 1)
  expect([options?.status, headerOf(options, "allow"), options?.body]).toEqual([204, allowed.join(", "), ""])
})

test.each([...table].filter(([, methods]) => methods.includes("get")).map(([target]) => target))(
  "HEAD %s is answered as GET is, without the body",
  async target => {
    const headers = [`Authorization: Bearer ${ADMIN_TOKEN}`]
    const [get] = await pipelined(system.port, [{ method: "GET", target, headers }], 1)
    const [head] = await pipelined(system.port, [{ method: "HEAD", target, headers }], 1)
    for (const name of ["content-type", "cache-control", "etag", "vary", "content-security-policy"]) {
      expect([name, headerOf(head, name)]).toEqual([name, headerOf(get, name)])
    }
    expect(head?.status).toBe(get?.status ?? 0)
    expect(head?.body).toBe("")
  },
)

test("a path that nobody has is 404, whatever the method", async () => {
  const answers = await pipelined(
    system.port,
    METHODS.map(method => ({ method, target: "/nothing", headers: ["Content-Length: 0"] })),
    1,
  )
  expect(answers.map(answer => answer?.status)).toEqual(METHODS.map(() => 404))
})

const LAUNCH = "/"
const FILES = [LAUNCH, "/control", "/favicon.ico", "/docs", "/docs.css", "/openapi.json", "/plain.css", "/plain.js"]

test.each(FILES)("%s has an ETag, and a reader who has it gets 304 without a body", async path => {
  for (const encoding of ["gzip", "identity"]) {
    const ask = (headers: Record<string, string> = {}) =>
      system.request(path, { headers: { "Accept-Encoding": encoding, ...headers } })
    const first = await ask()
    const tag = first.headers.get("etag") ?? ""
    expect(tag).toMatch(/^"[\w-]+"$/)
    for (const sent of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const again = await ask({ "If-None-Match": sent })
      expect([sent, again.status, await again.text()]).toEqual([sent, 304, ""])
      for (const name of ["etag", "cache-control", "vary"]) {
        expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)])
      }
    }
    expect((await ask({ "If-None-Match": '"other"' })).status).toBe(200)
    expect((await ask({ "If-Match": '"other"' })).status).toBe(412)
    expect((await ask({ "If-Match": tag })).status).toBe(200)
  }
})

test("a page is compressed only for a reader who accepts it", async () => {
  const encodingFor = async (accepted: string) => {
    const response = await fetch(system.url, { headers: { "Accept-Encoding": accepted }, decompress: false })
    return response.headers.get("content-encoding") ?? "none"
  }
  const accepted = [
    "gzip",
    "GZIP;q=0.5",
    "br, gzip",
    "gzip;q=0",
    "gzip; q=0.000, br",
    "x-gzip-like",
    "*",
    "*;q=0",
    "br",
  ]
  expect(await Promise.all(accepted.map(encodingFor))).toEqual([
    ...["gzip", "gzip", "gzip", "none", "none", "none", "gzip", "none", "none"],
  ])
})

test("a problem is JSON, whatever the reader accepts", async () => {
  for (const accepted of ["text/html", "application/xml;q=1", "*/*", "application/problem+json"]) {
    const response = await system.request("/api/v1/orders/A1-AAAA", { headers: { Accept: accepted } })
    expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/problem+json"])
  }
})
