import { expect } from "bun:test"
import type { ServerResponse } from "node:http"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { NGINX } from "../../support/programs.ts"
import { sharedSite } from "./replica.ts"

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
