/** Thrown when bytes are not an HTTP/1.1 response that the bots can read. */
export class MalformedResponse extends Error {
  override name = "MalformedResponse"
}

/** What the bots need of a response's head. */
export interface ResponseHead {
  status: number
  /** How the body ends: after `length` bytes, with the last chunk, or with the connection. */
  framing: "length" | "chunked" | "close"
  length: number
  keepAlive: boolean
  node: string | undefined
  retryAfterSeconds: number | undefined
  replayed: boolean
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5][0-9][0-9])(?: |$)/

/** `text` is everything before the empty line. */
export function parseResponseHead(text: string): ResponseHead {
  const lines = text.split("\r\n")
  const match = STATUS_LINE.exec(lines[0]!)
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
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!
    const colon = line.indexOf(":")
    if (colon < 1) throw new MalformedResponse("a header line without a name")
    note(head, line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  if (status < 200 || status === 204 || status === 304) {
    head.framing = "length"
    head.length = 0
  }
  if (head.framing === "close") head.keepAlive = false
  return head
}

function note(head: ResponseHead, name: string, value: string): void {
  switch (name) {
    case "content-length":
      if (!/^[0-9]{1,15}$/.test(value)) throw new MalformedResponse("a bad Content-Length")
      // A chunked body wins over a length, whichever comes first.
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
