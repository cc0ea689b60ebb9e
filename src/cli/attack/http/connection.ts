import type { Socket, SocketHandler } from "bun"
import { type HttpResponse, ResponseParser } from "./response-parser.ts"
import type { Target } from "./target.ts"

/** `refused`: no connection came about. After the other three, the request may or may not have taken effect. */
type Break = "refused" | "broken" | "timeout" | "malformed"

export class ConnectionError extends Error {
  override name = "ConnectionError"
  constructor(readonly reason: Break) {
    super(reason)
  }
}

interface Waiting {
  resolve(reply: HttpResponse): void
  reject(error: ConnectionError): void
  timer: Timer
}

const HANDLERS: SocketHandler<HttpConnection> = {
  data: (socket, bytes) => socket.data.received(bytes),
  drain: socket => socket.data.drained(),
  end: socket => socket.data.closed(),
  close: socket => socket.data.closed(),
  error: socket => socket.data.closed(),
  connectError: () => {},
}

/** One keep-alive TCP connection: one request at a time, nothing pipelined, nothing resent. */
export class HttpConnection {
  #socket: Socket<HttpConnection> | undefined
  #parser = new ResponseParser()
  #waiting: Waiting | undefined
  #unsent: Buffer | undefined

  private constructor() {}

  static open({ host, port }: Target, timeoutMs: number): Promise<HttpConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpConnection>()
    const connection = new HttpConnection()
    let late = false
    const timer = setTimeout(() => {
      late = true
      reject(new ConnectionError("refused"))
    }, timeoutMs)
    Bun.connect({ hostname: host, port, socket: HANDLERS, data: connection }).then(
      socket => {
        clearTimeout(timer)
        if (late) return socket.terminate()
        connection.#socket = socket
        resolve(connection)
      },
      () => {
        clearTimeout(timer)
        reject(new ConnectionError("refused"))
      },
    )
    return promise
  }

  get usable(): boolean {
    return this.#socket !== undefined && this.#socket.readyState > 0
  }

  /** `request` is the whole request in ASCII. */
  send(request: string, timeoutMs: number): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail("timeout"), timeoutMs)
      this.#waiting = { resolve, reject, timer }
      const written = this.#socket?.write(request) ?? -1
      if (written < 0) this.#fail("broken")
      else if (written < request.length) this.#unsent = Buffer.from(request.slice(written), "latin1")
    })
  }

  close(): void {
    this.#fail("broken")
  }

  received(bytes: Buffer): void {
    try {
      const reply = this.#parser.feed(bytes)
      if (reply) this.#answer(reply)
    } catch {
      this.#fail("malformed")
    }
  }

  drained(): void {
    if (!this.#unsent) return
    const written = this.#socket?.write(this.#unsent) ?? -1
    if (written < 0) this.#fail("broken")
    else this.#unsent = written < this.#unsent.length ? this.#unsent.subarray(written) : undefined
  }

  closed(): void {
    const reply = this.#parser.end()
    if (reply) this.#answer(reply)
    this.#fail("broken")
  }

  #answer(reply: HttpResponse): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (!waiting || !reply.keepAlive) this.#hangUp()
    if (!waiting) return
    clearTimeout(waiting.timer)
    waiting.resolve(reply)
  }

  /** After a break the connection is never used again. */
  #fail(reason: Break): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#hangUp()
    if (!waiting) return
    clearTimeout(waiting.timer)
    waiting.reject(new ConnectionError(reason))
  }

  #hangUp(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.end()
  }
}
