import { expect } from "bun:test"
import { join } from "node:path"
import { needs } from "../../support/needs.ts"
import { NGINX } from "../../support/programs.ts"
import { ok, sharedSite } from "./replica.ts"

const suite = needs(NGINX)
const { test } = suite

const site = sharedSite(suite)

function buy(): Promise<Response> {
  return fetch(`${site.nginx.url}/api/v1/sales/shoes/orders`, { method: "POST", body: "{}" })
}

async function times(count: number, work: () => Promise<Response>): Promise<Response[]> {
  const responses: Response[] = []
  for (let at = 0; at < count; at++) responses.push(await work())
  return responses
}

test("one buyer's requests reach all replicas in turn, whatever their connections", async () => {
  const responses = await times(30, buy)
  const nodesSeen = responses.map(response => response.headers.get("x-served-by"))
  expect(new Set(nodesSeen.slice(0, 3))).toEqual(new Set(["node-1", "node-2", "node-3"]))
  expect(nodesSeen.slice(3)).toEqual(nodesSeen.slice(0, -3))
})

test("concurrent buyers are spread evenly over the replicas by all of nginx's processes", async () => {
  // With this many, an uneven process cannot pass by chance.
  for (let round = 1; round <= 4; round++) {
    await Promise.all(Array.from({ length: 30 }, () => times(11, buy)))
    expect(site.nodes.map(({ asked }) => asked.length)).toEqual(Array(3).fill(round * 110))
  }
})

test("nginx reuses its connections to the replicas", async () => {
  await times(20, buy)
  const before = site.nodes.reduce((sum, { connections }) => sum + connections, 0)
  await times(300, buy)
  const after = site.nodes.reduce((sum, { connections }) => sum + connections, 0)
  expect(after - before).toBeLessThan(30)
})

test("a replica that closes the connection after each answer causes no errors", async () => {
  for (const node of site.nodes) node.answer = (asked, response) => ok(asked, response.setHeader("Connection", "close"))
  const statuses = (await times(60, buy)).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(site.nodes.map(({ asked }) => asked.length)).toEqual([20, 20, 20])
})

test("nginx closes idle connections well before a replica does", async () => {
  const upstream = await Bun.file(join(import.meta.dir, "../../../deploy/nginx/snippets/upstream.conf")).text()
  const server = await Bun.file(join(import.meta.dir, "../../../src/http/server.ts")).text()
  const ours = Number(/^keepalive_timeout (\d+)s;$/m.exec(upstream)![1])
  const theirs = Number(/IDLE_SECONDS = (\d+)/.exec(server)![1])
  expect(ours).toBeLessThanOrEqual(theirs / 2)
})

test("after all replicas were down, nginx uses them again as soon as they listen", async () => {
  for (const node of site.nodes) await node.die()
  const whileDown = await Promise.all(Array.from({ length: 30 }, buy))
  expect(new Set(whileDown.map(({ status }) => status))).toEqual(new Set([503]))
  for (const node of site.nodes) await node.listen()
  const afterwards = await times(30, buy)
  expect(new Set(afterwards.map(({ status }) => status))).toEqual(new Set([200]))
})
