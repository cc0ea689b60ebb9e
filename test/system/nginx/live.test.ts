import { expect } from "bun:test"
import { readFileSync } from "node:fs"
import type { ServerResponse } from "node:http"
import { LIMITS } from "../../../deploy/nginx/render.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Nginx } from "../../support/nginx.ts"
import { NGINX } from "../../support/programs.ts"
import { portsOf, sharedSite } from "./replica.ts"

const suite = needs(NGINX)
const { test } = suite

const streams: ServerResponse[] = []
suite.afterAll(() => streams.forEach(stream => void stream.destroy()))
const site = sharedSite(suite, (_, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" })
  response.write("event: stock\ndata: 1\n\n")
  streams.push(response)
})

async function next(reader: { read(): Promise<{ value?: Uint8Array | undefined; done: boolean }> }): Promise<string> {
  const { value } = await reader.read()
  return new TextDecoder().decode(value)
}

test("every event arrives at once, even after a silence longer than the timeout of a purchase", async () => {
  const response = await fetch(`${site.nginx.url}/api/v1/sales/shoes/live`)
  expect(response.headers.get("content-type")).toBe("text/event-stream")
  const reader = response.body!.getReader()
  expect(await next(reader)).toContain("data: 1")
  streams.at(-1)!.write("event: stock\ndata: 2\n\n")
  expect(await next(reader)).toContain("data: 2")
  await Bun.sleep(4000)
  streams.at(-1)!.write(":\n\n")
  expect(await next(reader)).toBe(":\n\n")
  await reader.cancel()
})

test("when a viewer disconnects, the replica's stream ends", async () => {
  const leave = new AbortController()
  const response = await fetch(`${site.nginx.url}/api/v1/sales/shoes/live`, { signal: leave.signal })
  await next(response.body!.getReader())
  const stream = streams.at(-1)!
  leave.abort()
  await eventually("the replica's stream is closed", () => stream.destroyed || stream.socket === null || undefined)
})

// Kind: connections that anybody can keep open for as long as they like.
test("streams have a bound by address and in all, and leave buyers and operators their way in", async () => {
  const open = async (url: string) => {
    const leave = new AbortController()
    const response = await fetch(`${url}/api/v1/sales/shoes/live`, { signal: leave.signal })
    return { status: response.status, leave: () => leave.abort(), response }
  }
  for (const limits of [
    { LIMIT_STREAMS: 6 },
    { LIMIT_ALL_STREAMS: 6 },
    { LIMIT_ALL_STREAMS: 6, LIMITS: "off" as const },
  ]) {
    await using full = await Nginx.start({ upstreams: portsOf(site.nodes), limits })
    const streams = await Promise.all(Array.from({ length: 9 }, () => open(full.url)))
    expect(streams.map(({ status }) => status).sort()).toEqual([...Array(6).fill(200), 429, 429, 429])
    const refused = streams.find(({ status }) => status === 429)!.response
    expect(refused.headers.get("retry-after")).toBe("1")
    expect(await refused.json()).toMatchObject({ code: "rate_limited" })
    expect((await fetch(`${full.url}/livez`)).status).toBe(200)
    const operators = await open(full.operatorsUrl)
    expect(operators.status).toBe(200)
    for (const stream of [...streams, operators]) stream.leave()
    await eventually("a viewer who left makes room", async () => {
      const next = await open(full.url)
      next.leave()
      return next.status === 200
    })
  }
})

test("given a public server that is full, the operators' server answers", async () => {
  await using full = await Nginx.start({ upstreams: portsOf(site.nodes), limits: { LIMIT_ALL_CONNECTIONS: 4 } })
  const leave = new AbortController()
  const live = () => fetch(`${full.url}/api/v1/sales/shoes/live`, { signal: leave.signal })
  const streams = await Promise.all(Array.from({ length: 4 }, live))
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect((await fetch(`${full.url}/livez`)).status).toBe(429)
  const operators = await fetch(`${full.operatorsUrl}/livez`, { signal: leave.signal })
  expect(operators.status).toBe(200)
  leave.abort()
})

test("the defaults leave a quarter of one process's connections free, whatever strangers hold open", () => {
  const configured = readFileSync(new URL("../../../deploy/nginx/nginx.conf", import.meta.url), "utf8")
  const connections = Number(/worker_connections (\d+);/.exec(configured)?.[1])
  expect(2 * LIMITS.LIMIT_ALL_CONNECTIONS).toBeLessThanOrEqual(0.75 * connections)
  expect(2 * LIMITS.LIMIT_ALL_STREAMS).toBeLessThanOrEqual(LIMITS.LIMIT_ALL_CONNECTIONS)
  expect(8 * LIMITS.LIMIT_STREAMS).toBeLessThanOrEqual(0.25 * connections)
})
