import type { Socket, SocketHandler } from "bun"

const HEAD_END = "\r\n\r\n"
const LENGTH = /\r\ncontent-length: (\d+)/i
const CLOSING = /\r\nconnection: close/i
const EMPTY = Buffer.alloc(0)

/** What one request of the load came to. Status 0: its connection broke. */
export type Answered = (sent: Sent, status: number) => void

export interface Sent {
  /** When it should have left, and when it did, in milliseconds of the monotonic clock. */
  intended: number
  left: number
}

interface Line {
  /** The request that is on its way. */
  sent: Sent | undefined
  received: Buffer
  unsent: Buffer
}

/**
 * Connections of the load, each with one request at a time. It reads no more of an answer than its status and its end:
 * every microsecond that the load takes is missing to what it measures.
 */
export class Connections {
  bytesOut = 0
  bytesIn = 0
  readonly #free: Socket<Line>[] = []
  #open = 0

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly answered: Answered,
    private readonly freed: () => void,
  ) {}

  async open(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#connect()))
  }

  get hasFree(): boolean {
    return this.#free.length > 0
  }

  /** Sends on a connection that is free. */
  send(request: string, intended: number): void {
    const socket = this.#free.pop()!
    socket.data.sent = { intended, left: performance.now() }
    this.bytesOut += request.length
    const written = Math.max(0, socket.write(request))
    if (written < request.length) socket.data.unsent = Buffer.from(request.slice(written), "latin1")
  }

  /** How many requests have no answer yet. */
  get busy(): number {
    return this.#open - this.#free.length
  }

  async #connect(): Promise<void> {
    const data: Line = { sent: undefined, received: EMPTY, unsent: EMPTY }
    const socket = await Bun.connect({ hostname: this.host, port: this.port, socket: this.#handlers, data })
    this.#open++
    this.#free.push(socket)
    this.freed()
  }

  readonly #handlers: SocketHandler<Line> = {
    data: (socket, bytes) => this.#read(socket, bytes),
    drain: socket => {
      const { data } = socket
      data.unsent = data.unsent.subarray(Math.max(0, socket.write(data.unsent)))
    },
    close: socket => this.#closed(socket),
    error: socket => socket.terminate(),
    connectError: () => {},
  }

  #read(socket: Socket<Line>, bytes: Buffer): void {
    const { data } = socket
    this.bytesIn += bytes.length
    const all = data.received.length === 0 ? bytes : Buffer.concat([data.received, bytes])
    const headEnd = all.indexOf(HEAD_END)
    const head = headEnd < 0 ? "" : all.toString("latin1", 0, headEnd)
    const length = LENGTH.exec(head)?.[1]
    if (headEnd >= 0 && length === undefined) throw new Error(`an answer of the load has no Content-Length: ${head}`)
    if (headEnd < 0 || all.length < headEnd + HEAD_END.length + Number(length)) {
      data.received = Buffer.from(all)
      return
    }
    const { sent } = data
    data.sent = undefined
    data.received = EMPTY
    // The server is about to close it; a request that it got now would have no answer.
    if (CLOSING.test(head)) socket.end()
    else this.#free.push(socket)
    if (sent) this.answered(sent, Number(all.toString("latin1", 9, 12)))
    this.freed()
  }

  /** A server may close a connection after so many answers; another takes its place. */
  #closed(socket: Socket<Line>): void {
    const { sent } = socket.data
    this.#open--
    const at = this.#free.indexOf(socket)
    if (at >= 0) this.#free.splice(at, 1)
    if (sent) this.answered(sent, 0)
    void this.#connect().catch(() => {})
  }
}
