import { expect } from "bun:test"
import { connect } from "node:net"
import { RawConnection } from "../../support/http/raw-connection.ts"
import { needs } from "../../support/needs.ts"
import { Nginx } from "../../support/nginx.ts"
import { NGINX } from "../../support/programs.ts"
import { tokenOf } from "../../support/token.ts"
import { ok, portsOf, type Replica, replicas } from "./replica.ts"

const { afterAll, beforeAll, test } = needs(NGINX)

let nodes: [Replica, Replica, Replica]
beforeAll(async () => {
  nodes = await replicas()
})
afterAll(async () => {
  for (const node of nodes) await node.die()
})

const start = (limits: object) => Nginx.start({ upstreams: portsOf(nodes), limits })
const total = () => nodes.reduce((sum, { asked }) => sum + asked.length, 0)

function buy(origin: string): Promise<Response> {
  return fetch(`${origin}/api/v1/sales/shoes/orders`, { method: "POST", body: "{}" })
}

async function statusesOf(work: () => Promise<Response>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  const responses = await Promise.all(Array.from({ length: 40 }, work))
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

test("writes of one address beyond the limit get 429; reads and operators are not limited", async () => {
  await using nginx = await start({ LIMIT_WRITES: 1, BURST_WRITES: 9 })
  const counts = await statusesOf(() => buy(nginx.url))
  expect(counts[200]).toBeGreaterThanOrEqual(10)
  expect(counts[200]).toBeLessThanOrEqual(12)
  expect(counts[429]).toBe(40 - counts[200]!)
  const refused = await buy(nginx.url)
  expect(refused.status).toBe(429)
  expect(refused.headers.get("content-type")).toBe("application/problem+json")
  expect(refused.headers.get("retry-after")).toBe("1")
  expect(refused.headers.get("x-served-by")).toBe("nginx")
  expect(await refused.json()).toMatchObject({ code: "rate_limited", status: 429, title: "rate limited" })
  expect(await statusesOf(() => fetch(`${nginx.url}/livez`))).toEqual({ 200: 40 })
  expect(await statusesOf(() => buy(nginx.operatorsUrl))).toEqual({ 200: 40 })
})

test("requests of one address beyond the limit get 429", async () => {
  await using nginx = await start({ LIMIT_REQUESTS: 1, BURST_REQUESTS: 9 })
  const counts = await statusesOf(() => fetch(`${nginx.url}/livez`))
  expect(counts[429]).toBeGreaterThanOrEqual(28)
})

test("concurrent requests of one address beyond the limit get 429", async () => {
  const open: (() => void)[] = []
  for (const node of nodes) node.answer = (asked, response) => open.push(() => ok(asked, response))
  await using nginx = await start({ LIMIT_CONNECTIONS: 5 })
  const waiting = Array.from({ length: 8 }, () => fetch(`${nginx.url}/livez`))
  const refused = (await Promise.race([waiting[7]!, waiting[6]!, waiting[5]!])).status
  const interval = setInterval(() => open.splice(0).map(answer => answer()), 20)
  const statuses = (await Promise.all(waiting)).map(({ status }) => status)
  clearInterval(interval)
  for (const node of nodes) node.answer = ok
  expect(refused).toBe(429)
  expect(statuses.filter(status => status === 200).length).toBe(5)
})

// Kind: an allowance that strangers share with honest buyers because they share an address.
test("given a neighbour who has spent the address's allowance with junk, every honest buyer is answered", async () => {
  await using nginx = await start({ LIMIT_REQUESTS: 1, BURST_REQUESTS: 9, LIMIT_WRITES: 1, BURST_WRITES: 9 })
  const junk: (() => Promise<Response>)[] = [
    () => buy(nginx.url),
    () =>
      fetch(`${nginx.url}/api/v1/sales/shoes/orders`, { method: "POST", headers: { Authorization: "Bearer junk" } }),
    () => fetch(`${nginx.url}/api/v1/nothing`, { method: "POST" }),
    () => fetch(`${nginx.url}/wp-login.php`),
    () => fetch(`${nginx.url}/api/v1/orders/junk`, { headers: { Authorization: `Bearer ${tokenOf("ann")}` } }),
  ]
  for (const send of junk) await statusesOf(send)
  // nginx itself answers 404 where the public port has no such path; that costs no replica anything and is not counted.
  expect(await Promise.all(junk.map(async send => (await send()).status))).toEqual([429, 429, 404, 404, 429])
  const purchase = (headers: Record<string, string>) =>
    fetch(`${nginx.url}/api/v1/sales/shoes/orders`, { method: "POST", body: "{}", headers })
  let buyers = 0
  const byToken = () => purchase({ Authorization: `Bearer ${tokenOf(`buyer-${buyers++}`)}` })
  const byCookie = () => purchase({ Cookie: `a=b; session=${tokenOf(`buyer-${buyers++}`)}` })
  expect(await statusesOf(byToken)).toEqual({ 200: 40 })
  expect(await statusesOf(byCookie)).toEqual({ 200: 40 })
  expect((await fetch(`${nginx.url}/api/v1/sessions`, { method: "POST" })).status).toBe(200)
})

test("one credential may buy so much and no more, and so may all credentials behind one address", async () => {
  await using nginx = await start({ LIMIT_CUSTOMER: 1, BURST_CUSTOMER: 9, LIMIT_BUYERS: 1, BURST_BUYERS: 29 })
  const buyAs = (customer: string) => {
    const headers = { Authorization: `Bearer ${tokenOf(customer)}` }
    return fetch(`${nginx.url}/api/v1/sales/shoes/orders`, { method: "POST", body: "{}", headers })
  }
  expect((await statusesOf(() => buyAs("ann")))[200]).toBeWithin(10, 13)
  let buyers = 0
  const others = await statusesOf(() => buyAs(`buyer-${buyers++}`))
  expect(others[429] ?? 0).toBeGreaterThan(0)
  expect(others[200] ?? 0).toBeGreaterThan(0)
})

test("with LIMITS=off nothing is limited", async () => {
  await using nginx = await start({ LIMITS: "off", LIMIT_WRITES: 1, BURST_WRITES: 1, LIMIT_CONNECTIONS: 1 })
  expect(await statusesOf(() => buy(nginx.url))).toEqual({ 200: 40 })
})

test.each([false, true])("a body over 16 KiB gets 413 and does not reach a replica (chunked: %p)", async chunked => {
  await using nginx = await start({})
  const send = async (bytes: number) => {
    const connection = new RawConnection(nginx.port)
    const request = {
      method: "POST",
      path: "/api/v1/sales/shoes/orders",
      headers: [],
      body: "x".repeat(bytes),
      chunked,
    }
    const answer = await connection.exchange(request)
    connection.close()
    return answer
  }
  const before = total()
  const answer = await send(16 * 1024 + 1)
  expect(answer.status).toBe(413)
  expect(answer.headers.get("content-type")).toBe("application/problem+json")
  expect(JSON.parse(answer.body)).toMatchObject({ status: 413, code: "too_large" })
  expect(total()).toBe(before)
  expect((await send(16 * 1024)).status).toBe(200)
})

test("headers that are too long get 400", async () => {
  await using nginx = await start({})
  const long = await fetch(`${nginx.url}/livez`, { headers: { "X-Long": "x".repeat(9000) } })
  expect(long.status).toBe(400)
  expect(await long.json()).toMatchObject({ code: "invalid_request" })
})

/** nginx waits ten seconds for a slow sender. The rest is for the machine. */
const SENDER_MS_MAX = 15_000

test("nginx closes the connection of a client that sends its header or body too slowly", async () => {
  await using nginx = await start({})
  const half = "POST /api/v1/sales/shoes/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
  const ends = await Promise.all([half, `${half}\r\n{`].map(text => endOf(nginx.port, text)))
  for (const ms of ends) {
    expect(ms).toBeGreaterThan(8000)
    expect(ms).toBeLessThan(SENDER_MS_MAX)
  }
}, 30_000)

/** Milliseconds until the server closes the connection. */
function endOf(port: number, text: string): Promise<number> {
  const begun = performance.now()
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text))
    socket.on("data", () => {})
    socket.on("error", () => {})
    socket.on("close", () => resolve(performance.now() - begun))
  })
}
