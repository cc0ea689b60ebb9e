import type { Socket, SocketHandler } from "bun"
import { systemTime, type Timers } from "../../../runtime/time.ts"
import { type HttpResponse, ResponseParser } from "./response-parser.ts"
import type { Target } from "./target.ts"

/** `refused`: no connection could be made. With the other reasons the request may or may not have taken effect. */
type FailureReason = "refused" | "broken" | "timeout" | "malformed"

export class ConnectionError extends Error {
  override name = "ConnectionError"
  constructor(readonly reason: FailureReason) {
    super(reason)
  }
}

interface PendingRequest {
  resolve(response: HttpResponse): void
  reject(error: ConnectionError): void
  timer: Disposable
}

const HANDLERS: SocketHandler<HttpConnection> = {
  data: (socket, bytes) => socket.data.received(bytes),
  drain: socket => socket.data.drained(),
  end: socket => socket.data.closed(),
  close: socket => socket.data.closed(),
  error: socket => socket.data.closed(),
  connectError: () => {},
}

/** One keep-alive TCP connection that carries one request at a time. It never pipelines and never resends. */
export class HttpConnection {
  readonly #parser = new ResponseParser()
  #socket: Socket<HttpConnection> | undefined
  #pending: PendingRequest | undefined
  #unsent: Buffer | undefined

  private constructor(private readonly timers: Timers) {}

  /** Rejects with a `ConnectionError` of reason `refused` when no connection is made within `timeoutMs`. */
  static open({ host, port }: Target, timeoutMs: number, timers: Timers = systemTime): Promise<HttpConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpConnection>()
    const connection = new HttpConnection(timers)
    let isLate = false
    const timer = timers.after(timeoutMs, () => {
      isLate = true
      reject(new ConnectionError("refused"))
    })
    Bun.connect({ hostname: host, port, socket: HANDLERS, data: connection }).then(
      socket => {
        timer[Symbol.dispose]()
        if (isLate) return socket.terminate()
        connection.#socket = socket
        resolve(connection)
      },
      () => {
        timer[Symbol.dispose]()
        reject(new ConnectionError("refused"))
      },
    )
    return promise
  }

  get isUsable(): boolean {
    return this.#socket !== undefined && this.#socket.readyState > 0
  }

  /** Sends a whole request, which must be ASCII. Rejects with a `ConnectionError`, on timeout too. */
  send(request: string, timeoutMs: number): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const timer = this.timers.after(timeoutMs, () => this.#fail("timeout"))
      this.#pending = { resolve, reject, timer }
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
      const response = this.#parser.feed(bytes)
      if (response) this.#complete(response)
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
    const response = this.#parser.end()
    if (response) this.#complete(response)
    this.#fail("broken")
  }

  #complete(response: HttpResponse): void {
    const pending = this.#pending
    this.#pending = undefined
    if (!pending || !response.keepAlive) this.#hangUp()
    if (!pending) return
    pending.timer[Symbol.dispose]()
    pending.resolve(response)
  }

  /** A connection that has failed is never used again. */
  #fail(reason: FailureReason): void {
    const pending = this.#pending
    this.#pending = undefined
    this.#hangUp()
    if (!pending) return
    pending.timer[Symbol.dispose]()
    pending.reject(new ConnectionError(reason))
  }

  #hangUp(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.end()
  }
}

/** A bot's way to the server: at most one connection at a time, opened when it is needed. */
export class BotConnection {
  #connection: HttpConnection | undefined

  constructor(
    private readonly target: Target,
    private readonly timeoutMs: number,
    private readonly timers: Timers = systemTime,
  ) {}

  /** The open connection, or a new one. Rejects with a `ConnectionError`. */
  async connect(): Promise<HttpConnection> {
    if (this.#connection?.isUsable) return this.#connection
    this.#connection = await HttpConnection.open(this.target, this.timeoutMs, this.timers)
    return this.#connection
  }

  /** Closes the connection. The next request opens a new one, which may lead to another replica. */
  drop(): void {
    this.#connection?.close()
    this.#connection = undefined
  }
}
