/** Thrown when bytes are not an HTTP/1.1 response that the bots can read. */
export class MalformedResponse extends Error {
  override name = "MalformedResponse"
}

/** What the bots need to know from a response's head. */
export interface ResponseHead {
  status: number
  /** What ends the body: `length` bytes, the last chunk, or the end of the connection. */
  framing: "length" | "chunked" | "close"
  length: number
  keepAlive: boolean
  node: string | undefined
  retryAfterSeconds: number | undefined
  replayed: boolean
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5][0-9][0-9])(?: |$)/

/** `text` is everything before the empty line. Throws `MalformedResponse`. */
export function parseResponseHead(text: string): ResponseHead {
  const [statusLine = "", ...headers] = text.split("\r\n")
  const match = STATUS_LINE.exec(statusLine)
  if (!match) throw new MalformedResponse("no status line")
  const status = Number(match[2])
  const head: ResponseHead = {
    status,
    framing: "close",
    length: 0,
    keepAlive: match[1] === "1",
    node: undefined,
    retryAfterSeconds: undefined,
    replayed: false,
  }
  for (const line of headers) {
    const colon = line.indexOf(":")
    if (colon < 1) throw new MalformedResponse("a header line without a name")
    readHeader(head, line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  if (status < 200 || status === 204 || status === 304) {
    head.framing = "length"
    head.length = 0
  }
  if (head.framing === "close") head.keepAlive = false
  return head
}

function readHeader(head: ResponseHead, name: string, value: string): void {
  switch (name) {
    case "content-length":
      if (!/^[0-9]{1,15}$/.test(value)) throw new MalformedResponse("a bad Content-Length")
      // A chunked body takes precedence over a length, whichever header comes first.
      if (head.framing === "close") head.framing = "length"
      head.length = Number(value)
      break
    case "transfer-encoding":
      if (value.toLowerCase() !== "chunked") throw new MalformedResponse("an unknown Transfer-Encoding")
      head.framing = "chunked"
      break
    case "connection":
      if (/\bclose\b/i.test(value)) head.keepAlive = false
      else if (/\bkeep-alive\b/i.test(value)) head.keepAlive = true
      break
    case "x-served-by":
      head.node = value
      break
    case "retry-after":
      if (/^[0-9]{1,9}$/.test(value)) head.retryAfterSeconds = Number(value)
      break
    case "idempotency-replayed":
      head.replayed = value === "true"
      break
  }
}
