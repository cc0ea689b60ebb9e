import { describe, expect, test } from "bun:test"
import type { Notice } from "../../src/core/ports/inventory.ts"
import type { Sale } from "../../src/core/sale.ts"
import { LiveStream } from "../../src/http/api/live.ts"
import type { RequestContext } from "../../src/http/context.ts"
import { SaleCache } from "../../src/http/purchase/sale-cache.ts"
import { Responses } from "../../src/http/responses.ts"
import { routes } from "../../src/http/server.ts"
import { FakeTime } from "../support/fake-time.ts"

const SALE = { id: "shoes", opensAt: 0, standing: "active", seq: 1, items: [] } as unknown as Sale

/** A stream on simulated time, over a cache whose notices the test sends. */
function streamOf(limits = { all: 100, perAddress: 100 }) {
  let hear: (notice: Notice) => void = () => {}
  const time = new FakeTime()
  const watch = (listener: (notice: Notice) => void) => {
    hear = listener
    return () => {}
  }
  const saleCache = new SaleCache({ watch, facts: async () => [] }, time)
  saleCache.start()
  const change = (sale: Sale) => hear({ sale })
  change(SALE)
  const live = new LiveStream(saleCache, limits, time)
  live.start()
  return { saleCache, live, time, change }
}

const never = () => new AbortController().signal

test("a HEAD request for a stream is answered with its headers and adds no viewer", async () => {
  const context = {
    responses: new Responses("node-1"),
    authenticator: {},
    inventory: {},
    nodes: {},
    time: new FakeTime(),
    saleCache: streamOf().saleCache,
    live: { open: () => expect.unreachable("a viewer was added") },
  } as unknown as RequestContext
  const request = new Request("http://a/api/v1/sales/shoes/live", { method: "HEAD" })
  const response = await routes(context, "/nowhere").fetch(request)
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("text/event-stream")
})

test("a viewer who comes after the streams have ended gets one event, then the end", async () => {
  const { live } = streamOf()
  await live[Symbol.asyncDispose]()
  const text = await new Response(live.open(SALE, "192.0.2.1", never())).text()
  expect(text).toMatch(/^event: stock\ndata: \{"id":"shoes".*\}\n\n$/)
})

test("after the streams have ended no timer is left", async () => {
  const { live, time, change } = streamOf()
  live.open(SALE, "192.0.2.1", never())
  change({ ...SALE, seq: 2 })
  expect(time.pending).toBe(2)
  await live[Symbol.asyncDispose]()
  expect(time.pending).toBe(0)
})

test("as many streams as may be are open, in all and from one address, and a viewer who leaves makes room", async () => {
  const { live } = streamOf({ all: 3, perAddress: 2 })
  const [one, other] = [new AbortController(), new AbortController()]
  expect(live.open(SALE, "192.0.2.1", one.signal)).toBeDefined()
  expect(live.open(SALE, "192.0.2.1", other.signal)).toBeDefined()
  expect(live.open(SALE, "192.0.2.1", never())).toBeUndefined()
  const read = live.open(SALE, "192.0.2.2", never())
  expect(live.open(SALE, "192.0.2.3", never())).toBeUndefined()
  one.abort()
  one.abort()
  expect(live.count).toBe(2)
  await read!.cancel()
  expect(live.count).toBe(1)
  expect(live.open(SALE, "192.0.2.1", never())).toBeDefined()
  expect(live.open(SALE, "192.0.2.1", never())).toBeUndefined()
  await live[Symbol.asyncDispose]()
  expect(live.count).toBe(0)
})

describe("while time passes", () => {
  test("a viewer who never reads is disconnected after 50 events, and the others miss none", async () => {
    const { live, time, change } = streamOf()
    const silent = live.open(SALE, "192.0.2.1", never())
    const reader = live.open(SALE, "192.0.2.1", never())!.getReader()
    for (let seq = 1; seq <= 70; seq++) {
      expect(new TextDecoder().decode((await reader.read()).value)).toContain(`"seq":${seq},`)
      change({ ...SALE, seq: seq + 1 })
      await time.advance(200)
    }
    await live[Symbol.asyncDispose]()
    expect((await new Response(silent).text()).split("event: stock").length - 1).toBeWithin(50, 60)
  })

  test("the first change is sent at once, the many that follow become one event, and a quiet stream gets a comment every 15 s", async () => {
    const { live, time, change } = streamOf()
    const reader = live.open(SALE, "192.0.2.1", never())
    for (let seq = 2; seq <= 40; seq++) change({ ...SALE, seq })
    await time.advance(1)
    for (let seq = 41; seq <= 60; seq++) change({ ...SALE, seq })
    await time.advance(190)
    change({ ...SALE, seq: 61 })
    await time.advance(30_000)
    await live[Symbol.asyncDispose]()
    const text = await new Response(reader).text()
    expect([...text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => seq)).toEqual(["1", "40", "61"])
    expect(text.split("\n\n").filter(block => block === ":").length).toBe(2)
  })
})
