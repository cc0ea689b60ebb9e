import { MalformedResponse, parseResponseHead, type ResponseHead } from "./response-head.ts"

/** One complete response. */
export interface HttpResponse
  extends Pick<ResponseHead, "status" | "keepAlive" | "node" | "retryAfterSeconds" | "replayed"> {
  body: string
}

const HEAD_BYTES_MAX = 16 * 1024
const BODY_BYTES_MAX = 4 * 1024 * 1024
const CHUNK_LINE_BYTES_MAX = 1024
const EMPTY = Buffer.alloc(0)

/**
 * Reads HTTP/1.1 responses from bytes that arrive in pieces of any size. Requests are not pipelined, so one response is
 * complete before the next one begins. Nearly every response arrives in one piece, which is read without copying.
 */
export class ResponseParser {
  #rest: Buffer = EMPTY
  #head: ResponseHead | undefined
  #chunks: Buffer[] = []
  #chunkBytes = 0
  #inTrailer = false

  /** Takes the next bytes. Returns the response if they complete one. Throws `MalformedResponse`. */
  feed(bytes: Buffer): HttpResponse | undefined {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    this.#head ??= this.#readHead()
    const head = this.#head
    if (!head) return undefined
    if (head.framing === "chunked")
      return this.#readChunks() ? this.#complete(head, Buffer.concat(this.#chunks)) : undefined
    if (Math.max(head.length, this.#rest.length) > BODY_BYTES_MAX)
      throw new MalformedResponse("a body that is too long")
    if (head.framing === "close" || this.#rest.length < head.length) return undefined
    const body = this.#rest.subarray(0, head.length)
    this.#rest = this.#rest.subarray(head.length)
    return this.#complete(head, body)
  }

  /** Call it when the connection has ended. Returns the response that lasts until then, if there is one. */
  end(): HttpResponse | undefined {
    const head = this.#head
    if (head?.framing !== "close") return undefined
    const body = this.#rest
    this.#rest = EMPTY
    return this.#complete(head, body)
  }

  /** Skips interim (1xx) responses. */
  #readHead(): ResponseHead | undefined {
    for (;;) {
      const end = this.#rest.indexOf("\r\n\r\n")
      if (end > HEAD_BYTES_MAX || (end < 0 && this.#rest.length > HEAD_BYTES_MAX)) {
        throw new MalformedResponse("a head that is too long")
      }
      if (end < 0) return undefined
      const head = parseResponseHead(this.#rest.toString("latin1", 0, end))
      this.#rest = this.#rest.subarray(end + 4)
      if (head.status >= 200) return head
    }
  }

  /** True when the last chunk and its trailer have arrived. */
  #readChunks(): boolean {
    for (;;) {
      const end = this.#rest.indexOf("\r\n")
      if (end > CHUNK_LINE_BYTES_MAX || (end < 0 && this.#rest.length > CHUNK_LINE_BYTES_MAX)) {
        throw new MalformedResponse("a chunk size that is too long")
      }
      if (end < 0) return false
      if (this.#inTrailer) {
        this.#rest = this.#rest.subarray(end + 2)
        if (end === 0) return true
        continue
      }
      const size = chunkSize(this.#rest.toString("latin1", 0, end))
      if (size + this.#chunkBytes > BODY_BYTES_MAX) throw new MalformedResponse("a body that is too long")
      const dataEnd = end + 2 + size
      if (size === 0) {
        this.#inTrailer = true
        this.#rest = this.#rest.subarray(dataEnd)
        continue
      }
      if (this.#rest.length < dataEnd + 2) return false
      if (this.#rest[dataEnd] !== 13 || this.#rest[dataEnd + 1] !== 10)
        throw new MalformedResponse("a chunk that is longer than its size")
      this.#chunks.push(this.#rest.subarray(end + 2, dataEnd))
      this.#chunkBytes += size
      this.#rest = this.#rest.subarray(dataEnd + 2)
    }
  }

  #complete(head: ResponseHead, body: Buffer): HttpResponse {
    // Bytes after the response make the connection unfit for another request.
    const keepAlive = head.keepAlive && this.#rest.length === 0
    const { status, node, retryAfterSeconds, replayed } = head
    const response = { status, keepAlive, node, retryAfterSeconds, replayed, body: body.toString("utf8") }
    this.#rest = EMPTY
    this.#head = undefined
    this.#chunks = []
    this.#chunkBytes = 0
    this.#inTrailer = false
    return response
  }
}

function chunkSize(line: string): number {
  const [, digits] = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(line) ?? []
  if (digits === undefined) throw new MalformedResponse("a bad chunk size")
  return Number.parseInt(digits, 16)
}
