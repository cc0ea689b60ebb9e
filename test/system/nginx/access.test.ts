import { expect } from "bun:test"
import { join } from "node:path"
import { ROUTES } from "../../../src/http/api/routes.ts"
import { RawConnection } from "../../support/http/raw-connection.ts"
import { needs } from "../../support/needs.ts"
import { NGINX } from "../../support/programs.ts"
import { ok, sharedSite } from "./replica.ts"

const suite = needs(NGINX)
const { test } = suite

const site = sharedSite(suite)
const asked = () => site.nodes.flatMap(node => node.asked)

async function raw(port: number, path: string, method = "GET", headers: [string, string][] = []) {
  const connection = new RawConnection(port)
  const answer = await connection.exchange({ method, path, headers })
  connection.close()
  return answer
}

const INSIDE = ["/metrics"]
const isInside = ({ template: path }: { template: string }) =>
  path.startsWith("/api/v1/admin/") || INSIDE.includes(path)
const addressOf = (path: string) => path.replace(/\{[^}]+\}/g, "shoes")

test.each(
  ROUTES.filter(route => !isInside(route)).map(({ method, template: path }) => [method.toUpperCase(), addressOf(path)]),
)("%s %s is reachable at the public port", async (method, path) => {
  expect((await raw(site.nginx.port, path!, method)).status).toBe(200)
  expect(asked().map(({ url }) => url)).toEqual([path!])
})

test.each(["/", "/sales/shoes", "/assets/main-1a2b.js", "/favicon.ico", "/docs.css", "/sales/shoes/proof"])(
  "%s is reachable at the public port",
  async path => {
    expect((await raw(site.nginx.port, path)).status).toBe(200)
  },
)

const HIDDEN = [
  ...ROUTES.filter(isInside).map(({ method, template: path }) => [method.toUpperCase(), addressOf(path)] as const),
  ...["/control", "/control/", "/control?x", "/nothing", "/api/v1/", "/metrics/"].map(path => ["GET", path] as const),
]

test.each(HIDDEN)("%s %s is 404 at the public port and reachable at the operators' port", async (method, path) => {
  const answer = await raw(site.nginx.port, path, method, [["Authorization", "Bearer the-right-one"]])
  expect(answer.status).toBe(404)
  expect(JSON.parse(answer.body)).toEqual({
    type: "/docs",
    title: "not found",
    status: 404,
    detail: "There is nothing here.",
    code: "not_found",
  })
  expect(asked()).toEqual([])
  expect((await raw(site.nginx.operatorsPort, path, method)).status).toBe(200)
  expect(asked().length).toBe(1)
})

test.each([
  "/api/v1/sales/../admin/nodes",
  "/api/v1/sales/%2e%2e/admin/nodes",
  "/api/v1/sales/..%2fadmin/nodes",
  "/api/v1//admin/nodes",
  "//api/v1/admin/nodes",
  "/api/v1/%61dmin/nodes",
  "/api/v1/admin%2fnodes",
  "/api/v1/sales/..\\admin\\nodes",
  "/api/v1\\admin\\nodes",
  "\\metrics",
  "/sales/..\\metrics",
  "/sales/../metrics",
  "/sales/%5c..%5cmetrics",
  "/./metrics",
  "/metrics#",
  "http://inside/metrics",
])("%s does not reach a replica", async path => {
  const answer = await raw(site.nginx.port, path).catch(() => undefined)
  expect([400, 404, undefined]).toContain(answer?.status)
  expect(asked()).toEqual([])
})

test("replicas get the buyer's address and protocol from nginx, not from the buyer", async () => {
  await raw(site.nginx.port, "/livez", "GET", [
    ["X-Forwarded-For", "1.2.3.4"],
    ["X-Forwarded-Proto", "gopher"],
    ["Connection", "close"],
  ])
  const { headers } = asked()[0]!
  expect(headers.host).toBe(`127.0.0.1:${site.nginx.port}`)
  expect(headers["x-forwarded-for"]).toBe("127.0.0.1")
  expect(headers["x-forwarded-proto"]).toBe("http")
  expect(headers.connection).not.toBe("close")
  await raw(site.nginx.port, "/livez", "GET", [["X-Forwarded-Proto", "https"]])
  expect(asked().map(({ headers }) => headers["x-forwarded-proto"])).toContain("https")
})

test("replicas hear from nginx when a request came, and a second try says the same", async () => {
  const stamps = () => asked().map(({ headers }) => headers["x-arrival"])
  await raw(site.nginx.port, "/livez", "GET", [["X-Arrival", "edge 1.000"]])
  expect(stamps()).toEqual([expect.stringMatching(/^[\w.-]+ \d{10}\.\d{3}$/)])
  // The tries are some milliseconds apart.
  for (const node of site.nodes) node.answer = (_asked, _response, socket) => setTimeout(() => socket.destroy(), 5)
  await raw(site.nginx.port, "/livez", "GET")
  for (const node of site.nodes) node.answer = ok
  expect(stamps().length).toBeGreaterThan(2)
  expect(new Set(stamps()).size).toBeLessThan(3)
})

test("requests at the operators' port have an address that no buyer has", async () => {
  await raw(site.nginx.operatorsPort, "/api/v1/admin/nodes", "GET", [["X-Forwarded-For", "1.2.3.4"]])
  expect(asked()[0]!.headers["x-forwarded-for"]).toBe("127.0.0.1")
  const template = await Bun.file(join(import.meta.dir, "../../../deploy/nginx/templates/edge.conf.template")).text()
  expect([...template.matchAll(/set \$seen_as (\S+);/g)].map(([, who]) => who)).toEqual(["$remote_addr", "127.0.0.1"])
})

test("every answer has the security headers once and names the node that gave it", async () => {
  for (const path of ["/api/v1/sales/guarded", "/api/v1/sales/guarded/live", "/livez", "/nothing"]) {
    const { headers } = await raw(site.nginx.port, path)
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("x-frame-options")).toBe("DENY")
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin")
    expect(headers.get("permissions-policy")).toContain("camera=()")
    expect(headers.get("x-served-by")).toMatch(path === "/nothing" ? /^nginx$/ : /^node-[123]$/)
    expect(headers.get("server")).toBe("nginx")
  }
})

test("when no replica answers, a page request gets an HTML page with 503", async () => {
  for (const node of site.nodes) await node.die()
  const response = await fetch(`${site.nginx.url}/sales/away`)
  for (const node of site.nodes) await node.listen()
  expect(response.status).toBe(503)
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8")
  expect(response.headers.get("retry-after")).toBe("1")
  expect(await response.text()).toContain("looks again by itself")
})
