import { afterAll, beforeAll, expect, test } from "bun:test"
import { connect } from "node:net"
import fc from "fast-check"
import type { NodeList } from "../../src/wire/wire.ts"
import { effort, SEED } from "../support/effort.ts"
import { bytesOf } from "../support/http/raw-connection.ts"
import { RawParser } from "../support/http/raw-parser.ts"
import { DEMO_SALE, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

const LANES = 8
const CONNECTIONS = effort(20_000, 400)
/** How long to wait for an answer: a server that waits for the rest of a request sends none. */
const QUIET_MS = 60

let system: System

beforeAll(async () => {
  system = await System.start()
}, 30_000)
afterAll(() => system.stop())

test(`${CONNECTIONS} connections with broken HTTP: nothing crashes and nothing is sold`, async () => {
  const before = await saleSeq()
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    fc.assert(
      fc.asyncProperty(brokenHttp, async bytes => {
        const text = await answerTo(bytes)
        if (text === "") return
        const [, status] = /^HTTP\/1\.1 ([0-9]{3}) /.exec(text) ?? []
        if (!status || (status >= "500" && status !== "505") || LEAK.test(text)) throw new Error(text.slice(0, 500))
      }),
      { seed: SEED + lane, numRuns: CONNECTIONS / LANES, endOnFailure: true },
    ),
  )
  await Promise.all(lanes)
  expect(await saleSeq()).toBe(before)
  const { nodes } = await system.admin<NodeList>("GET", "/nodes")
  expect(nodes.map(({ restarts }) => restarts)).toEqual([0, 0, 0])
}, 180_000)

const CRLF = "\r\n"
const head = (lines: string[]) => lines.join(CRLF) + CRLF + CRLF
const buy = `/api/v1/sales/${DEMO_SALE}/orders`

/** Request smuggling: two lengths for one body, and the like (RFC 9112, section 11.2). */
test.each([
  ["Content-Length and Transfer-Encoding", ["Content-Length: 5", "Transfer-Encoding: chunked"]],
  ["two different lengths", ["Content-Length: 0", "Content-Length: 40"]],
  ["a negative length", ["Content-Length: -1"]],
  ["a length that is no number", ["Content-Length: 4x"]],
  ["a length beyond 64 bits", ["Content-Length: 99999999999999999999999"]],
  ["an unknown transfer coding", ["Transfer-Encoding: chunked, identity"]],
  ["a folded header", ["X-A: b", " c: d"]],
  ["a space before the colon", ["Content-Length : 4"]],
])("%s is refused", async (_, headers) => {
  const smuggled = `0${CRLF}${CRLF}GET /livez HTTP/1.1${CRLF}Host: a${CRLF}${CRLF}`
  const text = await answerTo(Buffer.from(head(["POST /api/v1/sessions HTTP/1.1", "Host: a", ...headers]) + smuggled))
  expect(text).toMatch(/^$|^HTTP\/1\.1 4[0-9]{2} /)
})

test("several requests in one packet are answered in order", async () => {
  const paths = ["/livez", "/nowhere", `/api/v1/sales/${DEMO_SALE}`]
  const packet = paths.map(path => head([`GET ${path} HTTP/1.1`, "Host: a"])).join("")
  const text = await answerTo(Buffer.from(packet), answers => answers.includes('"items"'))
  expect([...text.matchAll(/HTTP\/1\.1 ([0-9]{3})/g)].map(([, status]) => status)).toEqual(["200", "404", "200"])
})

test("a client that disconnects during a purchase buys nothing or one unit, never two", async () => {
  const token = tokenOf("hasty")
  const body = JSON.stringify({ sku: DEMO_SALE })
  const headers = [
    ["Authorization", `Bearer ${token}`],
    ["Idempotency-Key", "hasty"],
  ] as const
  const bytes = bytesOf({ method: "POST", path: buy, headers, body }, system.port)
  for (const length of [20, bytes.length - 1, bytes.length]) {
    const socket = connect(system.port, "127.0.0.1", () =>
      socket.write(bytes.subarray(0, length), () => socket.destroy()),
    )
    await new Promise(closed => socket.once("close", closed))
  }
  const response = await system.buy(DEMO_SALE, token, "hasty")
  expect([200, 201]).toContain(response.status)
  expect((await system.buy(DEMO_SALE, token, "second")).status).toBe(409)
})

const LEAK = /node_modules|\/src\/|\.ts:\d|\bat [\w.<>]+ \(|bun:/

/** None of these has a token, so none may change anything. */
const whole = fc.constantFrom(
  head([`GET /api/v1/sales/${DEMO_SALE} HTTP/1.1`, "Host: a"]),
  `${head([`POST ${buy} HTTP/1.1`, "Host: a", "Content-Length: 27"])}{"sku":"iphone-17-pro-max"}`,
  `${head([`POST ${buy} HTTP/1.1`, "Host: a", "Transfer-Encoding: chunked"])}5${CRLF}{"a":${CRLF}2${CRLF}1}${CRLF}0${CRLF}${CRLF}`,
  head(["POST /api/v1/sessions HTTP/1.1", "Host: a", "Cookie: session=x", "Content-Length: 0"]),
)
const scrap = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
  fc
    .constantFrom(
      "\0",
      CRLF,
      " ",
      ":",
      "\xff",
      "HTTP/9.9",
      "x".repeat(20_000),
      "GET ",
      "Content-Length: 9\r\n",
      "0\r\n\r\n",
    )
    .map(text => Buffer.from(text, "latin1")),
)
const brokenHttp: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytes => Buffer.from(bytes)) },
  {
    weight: 4,
    arbitrary: fc.tuple(whole, scrap, fc.nat(), fc.nat({ max: 12 })).map(([text, found, where, cut]) => {
      const bytes = Buffer.from(text, "latin1")
      const at = where % bytes.length
      return Buffer.concat([bytes.subarray(0, at), found, bytes.subarray(at + cut)])
    }),
  },
)

/** Reads until `isEnough`, the end of the connection, or a timeout. */
async function answerTo(bytes: Uint8Array, isEnough = isComplete): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let text = ""
  let timer = setTimeout(resolve, QUIET_MS * 10)
  const socket = connect(system.port, "127.0.0.1", () => {
    socket.write(bytes)
    clearTimeout(timer)
    timer = setTimeout(resolve, QUIET_MS)
  })
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1")
    if (isEnough(text)) resolve()
  })
  socket.on("error", () => resolve())
  socket.on("close", () => resolve())
  await promise
  clearTimeout(timer)
  socket.destroy()
  return text
}

function isComplete(text: string): boolean {
  return new RawParser().take(Buffer.from(text, "latin1")) !== undefined
}

async function saleSeq(): Promise<number> {
  return ((await (await system.request(`/api/v1/sales/${DEMO_SALE}`)).json()) as { seq: number }).seq
}
