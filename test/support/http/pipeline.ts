import { connect } from "node:net"

/** One request as it is sent, up to the empty line. */
export interface HeadRequest {
  method: string
  target: string
  /** Null sends HTTP/1.0 without a Host. */
  host?: string | null
  headers?: readonly string[]
}

export interface PipelinedAnswer {
  status: number
  head: string
  body: string
}

/** Requests in flight on one connection. A server that closes it after an answer does not read those that follow. */
const DEPTH = 20
const SILENCE_MAX_MS = 15_000

/** Sends many requests at once over a few connections. The answer is undefined where the server closed without one. */
export async function pipelined(
  port: number,
  requests: readonly HeadRequest[],
  lanes = 8,
): Promise<(PipelinedAnswer | undefined)[]> {
  const answers = new Array<PipelinedAnswer | undefined>(requests.length)
  const size = Math.ceil(requests.length / lanes)
  const ranges = Array.from({ length: lanes }, (_, lane) => [lane * size, Math.min(requests.length, (lane + 1) * size)])
  await Promise.all(
    ranges.map(async ([from = 0, to = 0]) => {
      for (let next = from; next < to; ) {
        const got = await onOneConnection(port, requests.slice(next, Math.min(to, next + DEPTH)))
        for (const [at, answer] of got.entries()) answers[next + at] = answer
        next += Math.max(1, got.length)
      }
    }),
  )
  return answers
}

/** The answers until the connection ends. */
function onOneConnection(port: number, requests: readonly HeadRequest[]): Promise<PipelinedAnswer[]> {
  const { promise, resolve } = Promise.withResolvers<PipelinedAnswer[]>()
  const answers: PipelinedAnswer[] = []
  let bytes: Buffer = Buffer.alloc(0)
  const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(requests.map(textOf).join(""), "latin1")))
  const end = () => {
    socket.destroy()
    resolve(answers)
  }
  socket.setNoDelay(true)
  socket.setTimeout(SILENCE_MAX_MS, end)
  socket.on("data", (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    for (;;) {
      const taken = take(bytes, requests[answers.length]?.method === "HEAD")
      if (!taken) return
      answers.push(taken.answer)
      bytes = bytes.subarray(taken.length)
      if (answers.length === requests.length || taken.isLast) return end()
    }
  })
  socket.on("error", end)
  socket.on("close", end)
  return promise
}

function textOf({ method, target, host = "shop.example", headers = [] }: HeadRequest): string {
  const first =
    host === null
      ? [`${method} ${target} HTTP/1.0`, "Connection: keep-alive"]
      : [`${method} ${target} HTTP/1.1`, `Host: ${host}`]
  return `${[...first, ...headers].join("\r\n")}\r\n\r\n`
}

/** The first whole answer in `bytes` and how long it is. A stream is taken as ended after its head. */
function take(
  bytes: Buffer,
  isHead: boolean,
): { answer: PipelinedAnswer; length: number; isLast: boolean } | undefined {
  const end = bytes.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const head = bytes.subarray(0, end).toString("latin1")
  const status = Number(/^HTTP\/1\.[01] ([0-9]{3})/.exec(head)?.[1] ?? 0)
  const isLast = /\r\nconnection: close/i.test(head) || /text\/event-stream/i.test(head)
  const from = end + 4
  const whole = (to: number, body: string) => ({ answer: { status, head, body }, length: to, isLast })
  if (isHead || status === 204 || status === 304 || /text\/event-stream/i.test(head)) return whole(from, "")
  if (/\r\ntransfer-encoding: chunked/i.test(head)) {
    const chunks = unchunked(bytes, from)
    return chunks && whole(chunks.end, chunks.body)
  }
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return bytes.length < from + length
    ? undefined
    : whole(from + length, bytes.subarray(from, from + length).toString("latin1"))
}

/** A body in chunks, and where it ends. Undefined until its last chunk is there. */
function unchunked(bytes: Buffer, from: number): { body: string; end: number } | undefined {
  let body = ""
  for (let at = from; ; ) {
    const line = bytes.indexOf("\r\n", at)
    const size = line < 0 ? Number.NaN : Number.parseInt(bytes.subarray(at, line).toString("latin1"), 16)
    const next = line + 2 + size + 2
    if (Number.isNaN(size) || bytes.length < next) return undefined
    if (size === 0) return { body, end: next }
    body += bytes.subarray(line + 2, line + 2 + size).toString("latin1")
    at = next
  }
}
