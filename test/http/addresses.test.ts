import { afterAll, beforeAll, expect, test } from "bun:test"
import { OPERATORS_PATHS, PUBLIC_PATHS } from "../support/http/addresses.ts"
import { oddAddresses } from "../support/http/odd-addresses.ts"
import { type HeadRequest, type PipelinedAnswer, pipelined } from "../support/http/pipeline.ts"
import { ADMIN_TOKEN, freePort, System } from "../support/system.ts"

/**
 * A replica reads each address in one way only. The kind: a request that two readers understand differently, by its path, its
 * Host or its method. It is refused, before anything else, by every listener; a proxy in front need not be right.
 */
let system: System
let operatorsPort: number
const AS_ADMINISTRATOR = [`Authorization: Bearer ${ADMIN_TOKEN}`]

beforeAll(async () => {
  operatorsPort = await freePort()
  system = await System.start({ env: { REPLICAS: "1", OPERATORS_PORT: String(operatorsPort) } })
}, 60_000)
afterAll(() => system?.stop())

const ask = (port: number, ...requests: HeadRequest[]) => pipelined(port, requests, Math.min(8, requests.length))
const get = (target: string, more: Partial<HeadRequest> = {}): HeadRequest => ({
  method: "GET",
  target,
  headers: AS_ADMINISTRATOR,
  ...more,
})
const one = async (port: number, request: HeadRequest): Promise<PipelinedAnswer | undefined> =>
  (await ask(port, request))[0]

const ODD = oddAddresses([...PUBLIC_PATHS, ...OPERATORS_PATHS])

test("at least 2,000 addresses that some reader takes for an allowed one are 400 on both listeners", async () => {
  expect(ODD.length).toBeGreaterThan(2000)
  for (const port of [system.port, operatorsPort]) {
    const answers = await ask(port, ...ODD.map(target => get(target)))
    expect(ODD.filter((_, at) => answers[at]?.status !== 400)).toEqual([])
  }
}, 60_000)

test("a purchase is no exception", async () => {
  const odd = oddAddresses(["/api/v1/sales/shoes/orders"])
  const answers = await ask(
    system.port,
    ...odd.map(target => ({ method: "POST", target, headers: ["Content-Length: 0"] })),
  )
  expect(odd.filter((_, at) => answers[at]?.status !== 400)).toEqual([])
})

test("an address that is canonical, but that nobody has, is 404", async () => {
  const targets = [
    "/nothing",
    "/sales/shoes/",
    "/1/2/3/4/5/6/7/8/9/10/11/12/13/14",
    "/caf%C3%A9",
    "/a%25b/c",
    "/a;b=c,d",
  ]
  const answers = await ask(system.port, ...targets.map(target => get(target)))
  expect(answers.map(answer => answer?.status)).toEqual(targets.map(() => 404))
})

test("an address in absolute form is answered as the same one without its origin", async () => {
  const answers = await ask(system.port, get("http://elsewhere.example/livez"), get("http://elsewhere.example/metrics"))
  expect(answers.map(answer => answer?.status)).toEqual([200, 404])
})

test("a query may hold what a path may not, but no control character and no bad escape", async () => {
  const answers = await ask(
    system.port,
    ...["?a=/../%2f%41//&b[]={|}", "?a=%00", "?a=%zz", "?a=%0d%0aSet-Cookie:x"].map(query => get(`/livez${query}`)),
  )
  expect(answers.map(answer => answer?.status)).toEqual([200, 400, 400, 400])
})

test.each([
  "a@b",
  "a<b",
  "a/b",
  "a?b",
  "a#b",
  "a b",
  "a, b",
  "a\\b",
  "",
  "[::1",
  "::1",
  "a:b",
  "a:99999",
  "é",
  "%zz",
  "a\x01",
])("a Host of %j is 400, and chooses no route", async host => {
  for (const port of [system.port, operatorsPort]) {
    for (const target of ["/livez?x:abc/api/v1/admin/nodes", "/livez", "/?:///metrics"]) {
      expect([host, target, (await one(port, get(target, { host })))?.status]).toEqual([host, target, 400])
    }
  }
})

test.each(["a", "A.example:80", "[::1]:8080", "127.0.0.1", "a_b", "xn--bcher-kva.example", "a:"])(
  "a Host of %j is answered",
  async host => {
    expect((await one(system.port, get("/livez?x:abc/api/v1/admin/nodes", { host })))?.body).toBe("ok\n")
  },
)

test("two Hosts are 400, and HTTP/1.0 without one is answered", async () => {
  for (const second of ["shop.example", "other.example"]) {
    expect((await one(system.port, get("/livez", { headers: [`Host: ${second}`] })))?.status).toBe(400)
  }
  for (const target of ["/livez", "/readyz", "/", "/api/v1/sales", "/sales/iphone-17-pro-max/calendar.ics"]) {
    expect([target, (await one(system.port, get(target, { host: null })))?.status]).toEqual([target, 200])
  }
})

test("the public listener has no route of the operators, whoever asks", async () => {
  const methods = ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD"]
  const requests = OPERATORS_PATHS.flatMap(target => methods.map(method => get(target, { method })))
  const answers = await ask(system.port, ...requests)
  expect(requests.filter((_, at) => answers[at]?.status !== 404)).toEqual([])
})

test("the operators' listener has everything", async () => {
  const targets = ["/", "/livez", "/api/v1/sales", "/metrics", "/control", "/api/v1/admin/nodes"]
  const answers = await ask(operatorsPort, ...targets.map(target => get(target)))
  expect(answers.map(answer => answer?.status)).toEqual(targets.map(() => 200))
})
