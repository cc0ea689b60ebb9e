import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { MalformedResponse } from "../../../src/cli/attack/http/response-head.ts"
import { type HttpResponse, ResponseParser } from "../../../src/cli/attack/http/response-parser.ts"

const LENGTH = "HTTP/1.1 201 Created\r\nContent-Length: 11\r\nX-Served-By: node-2\r\n\r\nhello w\u00f6rl"
const CHUNKED =
  "HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\nRetry-After: 7\r\n\r\n" +
  "5\r\nhello\r\n6;note=x\r\n world\r\n0\r\nTrailer: yes\r\n\r\n"

function read(text: string, pieces: (bytes: Buffer) => Buffer[] = bytes => [bytes]): (HttpResponse | undefined)[] {
  const parser = new ResponseParser()
  return pieces(Buffer.from(text)).map(piece => parser.feed(piece))
}

const singly = (bytes: Buffer): Buffer[] => [...bytes].map(byte => Buffer.from([byte]))

describe("a response", () => {
  test("with a Content-Length is read in one piece", () => {
    const [reply] = read(LENGTH)
    expect(reply).toEqual({
      status: 201,
      keepAlive: true,
      node: "node-2",
      retryAfterSeconds: undefined,
      replayed: false,
      body: "hello w\u00f6rl",
    })
  })

  test.each([LENGTH, CHUNKED])("that arrives byte by byte is complete with its last byte", text => {
    const replies = read(text, singly)
    expect(replies.slice(0, -1).every(reply => reply === undefined)).toBe(true)
    expect(replies.at(-1)).toEqual(read(text)[0])
  })

  test("in chunks has the joined chunks as its body", () => {
    expect(read(CHUNKED)[0]).toMatchObject({ status: 503, body: "hello world", retryAfterSeconds: 7, keepAlive: true })
  })

  test("without a length is complete when the connection ends", () => {
    const parser = new ResponseParser()
    expect(parser.feed(Buffer.from("HTTP/1.1 200 OK\r\n\r\nall of "))).toBeUndefined()
    expect(parser.feed(Buffer.from("it"))).toBeUndefined()
    expect(parser.end()).toMatchObject({ status: 200, body: "all of it", keepAlive: false })
  })

  test("that is cut short is not returned", () => {
    const parser = new ResponseParser()
    parser.feed(Buffer.from(LENGTH.slice(0, -3)))
    expect(parser.end()).toBeUndefined()
  })

  test("after interim (1xx) responses is the one that counts", () => {
    expect(read(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${LENGTH}`)[0]?.status).toBe(
      201,
    )
  })

  test("with status 204 has an empty body", () => {
    expect(read("HTTP/1.1 204 No Content\r\n\r\n")[0]).toMatchObject({ status: 204, body: "", keepAlive: true })
  })

  test.each([
    ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", true],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nextra bytes", false],
  ])("tells whether its connection may be used again: %j", (text, keepAlive) => {
    expect(read(text)[0]?.keepAlive).toBe(keepAlive)
  })

  test.each([
    "SMTP ready\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}`,
  ])("that is malformed throws: %j", text => {
    expect(() => read(text)).toThrow(MalformedResponse)
  })
})

test("random responses, split at random places, are read as they were written", () => {
  const response = fc.record({
    status: fc.constantFrom(200, 201, 404, 409, 503),
    body: fc.string({ unit: "grapheme", maxLength: 60 }),
    chunkSizes: fc.option(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }), {
      nil: undefined,
    }),
  })
  fc.assert(
    fc.property(
      fc.array(response, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (responses, steps) => {
        const parser = new ResponseParser()
        for (const { status, body, chunkSizes } of responses) {
          const bytes = write(status, Buffer.from(body), chunkSizes)
          let reply: HttpResponse | undefined
          for (let at = 0; at < bytes.length; ) {
            expect(reply).toBeUndefined()
            const step = steps.next().value ?? 1
            reply = parser.feed(bytes.subarray(at, at + step))
            at += step
          }
          expect(reply).toMatchObject({ status, body, keepAlive: true })
        }
      },
    ),
    { numRuns: 500 },
  )
})

function write(status: number, body: Buffer, chunkSizes: number[] | undefined): Buffer {
  const head = `HTTP/1.1 ${status} Word\r\nX-Served-By: node-1\r\n`
  if (!chunkSizes) return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body])
  const parts: Uint8Array[] = [Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`)]
  for (let at = 0, i = 0; at < body.length; i++) {
    const chunk = body.subarray(at, at + chunkSizes[i % chunkSizes.length]!)
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"))
    at += chunk.length
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")])
}
