import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import type { Notice } from "../../src/core/ports/inventory.ts"
import type { Sale } from "../../src/core/sale.ts"
import { LiveStream } from "../../src/http/api/live.ts"
import type { RequestContext } from "../../src/http/context.ts"
import { SaleCache } from "../../src/http/purchase/sale-cache.ts"
import { Responses } from "../../src/http/responses.ts"
import { routes } from "../../src/http/server.ts"

const SALE = { id: "shoes", opensAt: 0, standing: "active", seq: 1, items: [] } as unknown as Sale

/** A board whose news we make. */
function boardOf(): { board: SaleCache; tell(sale: Sale): void } {
  let tell: (notice: Notice) => void = () => {}
  const watch = (listener: (notice: Notice) => void) => {
    tell = listener
    return () => {}
  }
  const board = new SaleCache({ watch } as never)
  tell({ sale: SALE })
  return { board, tell: sale => tell({ sale }) }
}

test("who asks for the head of a stream alone is no viewer", async () => {
  const { board } = boardOf()
  const live = { open: () => expect.unreachable("a viewer was made") }
  const context = {
    responses: new Responses("node-1"),
    authenticator: {},
    inventory: {},
    nodes: {},
    saleCache: board,
    live,
  } as unknown as RequestContext
  const request = new Request("http://a/api/v1/sales/shoes/live", { method: "HEAD" })
  const response = await routes(context, "/nowhere").fetch(request)
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("text/event-stream")
})

test("who comes when the streams have ended is told once and sent away", async () => {
  const live = new LiveStream(boardOf().board)
  live.close()
  const text = await new Response(live.open(SALE, new AbortController().signal)).text()
  expect(text).toMatch(/^event: stock\ndata: \{"id":"shoes".*\}\n\n$/)
})

describe("while time passes", () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  test("who never reads is cut off after 50 events, and costs the others nothing", async () => {
    const { board, tell } = boardOf()
    const live = new LiveStream(board)
    const silent = live.open(SALE, new AbortController().signal)
    const reader = live.open(SALE, new AbortController().signal).getReader()
    for (let seq = 1; seq <= 70; seq++) {
      expect(new TextDecoder().decode((await reader.read()).value)).toContain(`"seq":${seq},`)
      tell({ ...SALE, seq: seq + 1 })
      jest.advanceTimersByTime(200)
    }
    live.close()
    expect((await new Response(silent).text()).split("event: stock").length - 1).toBeWithin(50, 60)
  })

  test("a change is told at once, the many after it as one, and a quiet stream gets a comment every 15 s", async () => {
    const { board, tell } = boardOf()
    const live = new LiveStream(board)
    const reader = live.open(SALE, new AbortController().signal)
    for (let seq = 2; seq <= 40; seq++) tell({ ...SALE, seq })
    jest.advanceTimersByTime(1)
    for (let seq = 41; seq <= 60; seq++) tell({ ...SALE, seq })
    jest.advanceTimersByTime(190)
    tell({ ...SALE, seq: 61 })
    jest.advanceTimersByTime(30_000)
    live.close()
    const text = await new Response(reader).text()
    expect([...text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => seq)).toEqual(["1", "40", "61"])
    expect(text.split("\n\n").filter(block => block === ":").length).toBe(2)
  })
})
