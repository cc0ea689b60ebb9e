import { expect } from "bun:test"
import { needs } from "../../support/needs.ts"
import { NGINX } from "../../support/programs.ts"
import { type Answerer, ok, sharedSite } from "./replica.ts"

const suite = needs(NGINX)
const { test } = suite

/** nginx retries a purchase once, on another replica and under the same key, and never after a replica has answered. */
const site = sharedSite(suite)

const PATH = "/api/v1/sales/shoes/orders"

function buy(headers: Record<string, string> = {}): Promise<Response> {
  return fetch(site.nginx.url + PATH, { method: "POST", headers, body: `{"sku":"shoes"}` })
}

const asked = () => site.nodes.flatMap(node => node.asked)
/** The first replica to get the request answers this way. Every later one answers normally. */
function first(answer: Answerer): void {
  let isFirst = true
  for (const node of site.nodes) {
    node.answer = (...given) => {
      const chosen = isFirst ? answer : ok
      isFirst = false
      chosen(...given)
    }
  }
}

test("a purchase without a key gets one, and the answer names it", async () => {
  const response = await buy()
  const [purchase] = asked()
  const key = String(purchase!.headers["idempotency-key"])
  expect(key).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
  expect(response.headers.get("idempotency-key")).toBe(`"${key}"`)
  await buy()
  expect(new Set(asked().map(({ headers }) => headers["idempotency-key"])).size).toBe(2)
})

test("a buyer's own key reaches the replica unchanged, and nginx does not add it to the answer", async () => {
  const response = await buy({ "Idempotency-Key": '"my-key"' })
  expect(asked().map(({ headers }) => headers["idempotency-key"])).toEqual(['"my-key"'])
  expect(response.headers.has("idempotency-key")).toBe(false)
})

test.each<[string, Answerer]>([
  ["dies before it answers", (_, __, socket) => socket.destroy()],
  ["answers with half a header", (_, __, socket) => socket.end("HTTP/1.1 201 Crea\x00ted\r\nConte\x00nt\r\n\r\n")],
])("when a replica %s, nginx retries on another one under the same key", async (_, answer) => {
  first(answer)
  const response = await buy()
  expect(response.status).toBe(200)
  const keys = asked().map(({ headers }) => headers["idempotency-key"])
  expect(keys.length).toBe(2)
  expect(keys[0]).toBe(keys[1])
  expect(response.headers.get("idempotency-key")).toBe(`"${keys[0]}"`)
  expect(asked().map(({ body }) => body)).toEqual([`{"sku":"shoes"}`, `{"sku":"shoes"}`])
  expect(site.nodes.filter(node => node.asked.length > 0).length).toBe(2)
})

test("when a replica does not answer for more than two seconds, nginx retries on another one", async () => {
  first(() => {})
  const begun = performance.now()
  expect((await buy()).status).toBe(200)
  expect(performance.now() - begun).toBeGreaterThan(2000)
  expect(asked().length).toBe(2)
})

test("when a replica's port is closed, the other replicas get its purchases", async () => {
  await site.nodes[0].die()
  const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await buy()).status))
  await site.nodes[0].listen()
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(asked().length).toBe(30)
})

test.each([500, 503, 429])("nginx passes on an answer of %i and does not retry", async status => {
  first((_, response) => response.writeHead(status, { "Retry-After": "1" }).end("{}"))
  expect((await buy()).status).toBe(status)
  expect(asked().length).toBe(1)
})

test("after one failed retry the answer is outcome_unknown with the key", async () => {
  // nginx does not count a try on a dead idle connection, so here every connection is new.
  for (const node of site.nodes) await node.die()
  for (const node of site.nodes) await node.listen()
  for (const node of site.nodes) node.answer = (_, __, socket) => socket.destroy()
  const response = await buy()
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ status: 503, code: "outcome_unknown", type: "/docs#outcome_unknown" })
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  expect(response.headers.get("retry-after")).toBe("1")
  expect(response.headers.get("x-served-by")).toBe("nginx")
  expect(response.headers.get("idempotency-key")).toBe(`"${asked()[0]!.headers["idempotency-key"]}"`)
  expect(asked().length).toBe(2)
})

test("nginx never repeats a restock, because it has no key", async () => {
  first((_, __, socket) => socket.destroy())
  const restock = `${site.nginx.operatorsUrl}/api/v1/admin/sales/shoes/items/shoes/restock`
  const response = await fetch(restock, { method: "POST", body: `{"units":1}` })
  expect(response.status).toBe(503)
  expect(asked().length).toBe(1)
})

test("nginx retries a read at the operators' port, too", async () => {
  first((_, __, socket) => socket.destroy())
  expect((await fetch(`${site.nginx.operatorsUrl}/api/v1/admin/nodes`)).status).toBe(200)
  expect(asked().length).toBe(2)
})
