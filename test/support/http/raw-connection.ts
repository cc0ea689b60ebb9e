import { connect, type Socket } from "node:net"
import { type RawAnswer, RawParser } from "./raw-parser.ts"

const ANSWER_MAX_MS = 15_000

export interface RawRequest {
  method: string
  /** As it is sent: percent-encoded already. */
  path: string
  headers: readonly (readonly [name: string, value: string])[]
  body?: Uint8Array | string
  chunked?: boolean
}

/** One keep-alive connection, one request at a time. Opens again after the server has closed it. */
export class RawConnection {
  #socket: Socket | undefined
  #waiting: { parser: RawParser; resolve(answer: RawAnswer): void; reject(error: Error): void } | undefined

  constructor(private readonly port: number) {}

  async exchange(request: RawRequest): Promise<RawAnswer> {
    const socket = this.#socket ?? (await this.#open())
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
    this.#waiting = { parser: new RawParser(request.method === "HEAD"), resolve, reject }
    const timer = setTimeout(() => reject(new Error("no answer in time")), ANSWER_MAX_MS)
    socket.write(bytesOf(request, this.port))
    try {
      const answer = await promise
      const ends = answer.headers.get("connection") === "close" || answer.isStream
      if (ends) this.close()
      return answer
    } finally {
      clearTimeout(timer)
      this.#waiting = undefined
    }
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const socket = connect(this.port, "127.0.0.1", () => resolve(socket))
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on("data", (bytes: Buffer) => this.#read(bytes))
    socket.on("error", reject)
    socket.on("close", () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#waiting?.reject(new Error("the connection was closed before the answer"))
    })
    return promise
  }

  #read(bytes: Uint8Array): void {
    const waiting = this.#waiting
    try {
      const answer = waiting?.parser.take(bytes)
      if (answer) waiting!.resolve(answer)
    } catch (error) {
      waiting!.reject(error as Error)
    }
  }
}

export function bytesOf({ method, path, headers, body, chunked }: RawRequest, port: number): Uint8Array {
  const payload = typeof body === "string" ? Buffer.from(body) : body
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  if (payload && chunked) lines.push("Transfer-Encoding: chunked")
  else if (payload) lines.push(`Content-Length: ${payload.length}`)
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1")
  if (!payload) return head
  return Buffer.concat(chunked ? [head, ...chunksOf(payload)] : [head, payload])
}

function chunksOf(payload: Uint8Array): Uint8Array[] {
  const half = Math.ceil(payload.length / 2)
  const parts = [payload.subarray(0, half), payload.subarray(half)].filter(part => part.length > 0)
  const framed = parts.flatMap(part => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")])
  return [...framed, Buffer.from("0\r\n\r\n")]
}
