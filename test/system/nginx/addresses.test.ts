import { expect } from "bun:test"
import { OPERATORS_PATHS, PUBLIC_PATHS } from "../../support/http/addresses.ts"
import { oddAddresses } from "../../support/http/odd-addresses.ts"
import { type HeadRequest, pipelined } from "../../support/http/pipeline.ts"
import { needs } from "../../support/needs.ts"
import { DOCKER, NGINX } from "../../support/programs.ts"
import { NginxContainer } from "./container.ts"
import { type Replica, replicas, sharedSite } from "./replica.ts"

/**
 * nginx reads an address as the replicas do, and keeps a copy under what it asked them. The kind: a location, a key or a Host
 * that is chosen by one form of the address while another form is passed on.
 */
const ODD = oddAddresses([...PUBLIC_PATHS, ...OPERATORS_PATHS])
const ALLOWED = [...new Set(PUBLIC_PATHS)]

const get = (target: string, more: Partial<HeadRequest> = {}): HeadRequest => ({ method: "GET", target, ...more })

/** Both servers answer 400 and ask no replica. */
async function refusesOdd(ports: number[], nodes: readonly Replica[]): Promise<void> {
  expect(ODD.length).toBeGreaterThan(2000)
  for (const port of ports) {
    const answers = await pipelined(
      port,
      ODD.map(target => get(target, { headers: ["Cache-Control: no-cache"] })),
    )
    expect(ODD.filter((_, at) => answers[at]?.status !== 400)).toEqual([])
    expect(answers.filter(answer => !answer?.body.includes('"code":"invalid_request"'))).toEqual([])
    expect(nodes.flatMap(({ asked }) => asked.map(({ url }) => url))).toEqual([])
  }
}

const suite = needs(NGINX)
const site = sharedSite(suite)
const { test } = suite
const ports = () => [site.nginx.port, site.nginx.operatorsPort]

test("at least 2,000 addresses that some reader takes for an allowed one are 400 on both servers", async () => {
  await refusesOdd(ports(), site.nodes)
}, 120_000)

test("allowed addresses reach a replica as they were sent", async () => {
  const answers = await pipelined(
    site.nginx.port,
    ALLOWED.map(target => get(target)),
  )
  expect(ALLOWED.filter((_, at) => answers[at]?.status !== 200)).toEqual([])
  const asked = new Set(site.nodes.flatMap(({ asked }) => asked.map(({ url }) => url)))
  expect([...asked].sort()).toEqual([...ALLOWED].sort())
})

test("the copy of one address is never another address's answer, whatever a client sends", async () => {
  for (const node of site.nodes) {
    node.answer = (asked, response) => {
      response.writeHead(200, { "Cache-Control": "public, max-age=60" }).end(`answer to ${asked.url}`)
    }
  }
  const script = "/assets/index-0f0f0f.js"
  const sent = ["no-cache", "no-store", "max-age=0", "only-if-cached", "max-stale"]
  for (const control of sent) {
    const headers = [`Cache-Control: ${control}`, "Pragma: no-cache"]
    const odd = [...oddAddresses([script]), `${script}?x`, `/sales/shoes?x=${script}`]
    await pipelined(
      site.nginx.port,
      odd.map(target => get(target, { headers })),
    )
    await pipelined(
      site.nginx.operatorsPort,
      odd.map(target => get(target, { headers })),
    )
    const [answer] = await pipelined(site.nginx.port, [get(script)])
    expect(answer?.body).toBe(`answer to ${script}`)
  }
})

test("a client's no-cache gets a new answer and leaves the copy as it was", async () => {
  let made = 0
  for (const node of site.nodes) {
    node.answer = (_, response) => {
      response.writeHead(200, { "Cache-Control": "public, max-age=60" }).end(`answer ${++made}`)
    }
  }
  const fresh = get("/sales/uncached", { headers: ["Cache-Control: no-cache"] })
  const kept = get("/sales/uncached")
  const bodies = []
  for (const request of [fresh, kept, fresh, kept]) bodies.push((await pipelined(site.nginx.port, [request]))[0]?.body)
  expect(bodies).toEqual(["answer 1", "answer 2", "answer 3", "answer 2"])
})

test("replicas are not shown a query that a copy does not depend on, and a page of the list is no copy", async () => {
  const targets = ["/api/v1/sales/asked?x=1", "/api/v1/sales?x=1", "/api/v1/sales?after=a", "/api/v1/sales?limit=1&x"]
  for (const target of targets) await pipelined(site.nginx.port, [get(target)])
  expect(site.nodes.flatMap(({ asked }) => asked.map(({ url }) => url)).sort()).toEqual([
    "/api/v1/sales",
    "/api/v1/sales/asked",
    "/api/v1/sales?after=a",
    "/api/v1/sales?limit=1&x",
  ])
})

test.each(["a@b", "a<b", "a/b", "a?b", "a#b", "a b", "a, b", "a\\b", "", "[::1", "::1", "a:b", "é", "%zz", "a\x01"])(
  "a Host of %j is 400, also where nginx has a copy",
  async host => {
    for (const port of ports()) {
      await pipelined(port, [get("/sales/shoes")])
      for (const node of site.nodes) node.asked.length = 0
      for (const target of ["/sales/shoes", "/livez?x:abc/api/v1/admin/nodes"]) {
        expect((await pipelined(port, [get(target, { host })]))[0]?.status).toBe(400)
      }
      expect(site.nodes.flatMap(({ asked }) => asked)).toEqual([])
    }
  },
)

test("two Hosts are 400, and HTTP/1.0 without one reaches a replica with one", async () => {
  for (const port of ports()) {
    for (const node of site.nodes) node.asked.length = 0
    expect((await pipelined(port, [get("/livez", { headers: ["Host: other"] })]))[0]?.status).toBe(400)
    expect((await pipelined(port, [get("/livez", { host: null })]))[0]?.status).toBe(200)
    expect(site.nodes.flatMap(({ asked }) => asked.map(({ headers }) => headers.host))).toEqual([`127.0.0.1:${port}`])
  }
})

test("a method that no route has is 405 and asks no replica", async () => {
  for (const port of ports()) {
    for (const method of ["TRACE", "PROPFIND", "QUERY", "FOO"]) {
      const [answer] = await pipelined(port, [{ method, target: "/livez", headers: ["Content-Length: 0"] }])
      expect([method, answer?.status]).toEqual([method, 405])
      expect(answer?.head).toContain("Allow: GET, HEAD, POST, PATCH, DELETE, OPTIONS")
      expect(JSON.parse(answer?.body ?? "")).toMatchObject({ status: 405, code: "method_not_allowed" })
    }
  }
  expect(site.nodes.flatMap(({ asked }) => asked)).toEqual([])
})

needs(DOCKER).test(
  "the image of nginx 1.30 refuses the same addresses",
  async () => {
    const nodes = await replicas()
    await using container = await NginxContainer.start(nodes)
    await refusesOdd([container.port, container.operatorsPort], nodes)
    const answers = await pipelined(
      container.port,
      ALLOWED.map(target => get(target)),
    )
    expect(ALLOWED.filter((_, at) => answers[at]?.status !== 200)).toEqual([])
    for (const node of nodes) await node.die()
  },
  120_000,
)
