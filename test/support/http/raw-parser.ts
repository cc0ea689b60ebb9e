export interface RawAnswer {
  status: number
  headers: Map<string, string>
  body: string
  /** Server-sent events: only what came at first was read. */
  isStream: boolean
}

/** Reads one HTTP/1.1 answer (RFC 9112) from bytes as they come. */
export class RawParser {
  #bytes: Buffer = Buffer.alloc(0)

  constructor(private readonly isHead = false) {}

  /** The answer once it is complete. */
  take(bytes: Uint8Array): RawAnswer | undefined {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#bytes, bytes])
    const end = this.#bytes.indexOf("\r\n\r\n")
    if (end < 0) return undefined
    const [first, ...lines] = this.#bytes.subarray(0, end).toString("latin1").split("\r\n")
    const status = Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(first!)?.[1])
    if (!status) throw new Error(`not a status line: ${first}`)
    if (status === 100) {
      this.#bytes = Buffer.alloc(0)
      return this.take(this.#bytes.subarray(end + 4))
    }
    const headers = new Map(
      lines.map(line => [line.slice(0, line.indexOf(":")).toLowerCase(), afterColon(line)] as const),
    )
    const rest = this.#bytes.subarray(end + 4)
    const isStream = headers.get("content-type") === "text/event-stream" && !this.isHead
    const body = this.isHead ? "" : isStream ? firstEvent(rest) : bodyOf(rest, headers)
    return body === undefined ? undefined : { status, headers, body, isStream }
  }
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim()
}

function bodyOf(rest: Buffer, headers: Map<string, string>): string | undefined {
  if (headers.get("transfer-encoding") === "chunked") return unchunked(rest)
  const length = Number(headers.get("content-length") ?? 0)
  return rest.length >= length ? rest.subarray(0, length).toString() : undefined
}

function unchunked(rest: Buffer): string | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at)
    if (lineEnd < 0) return undefined
    const length = Number.parseInt(rest.subarray(at, lineEnd).toString("latin1"), 16)
    const start = lineEnd + 2
    if (rest.length < start + length + 2) return undefined
    if (length === 0) return Buffer.concat(parts).toString()
    parts.push(rest.subarray(start, start + length))
    at = start + length + 2
  }
}

/** The text up to the first event's end, without the frames of the transfer coding. */
function firstEvent(rest: Buffer): string | undefined {
  const text = rest.toString()
  const from = text.indexOf("event: ")
  const to = text.indexOf("\n\n", from)
  return from < 0 || to < 0 ? undefined : text.slice(from, to)
}
