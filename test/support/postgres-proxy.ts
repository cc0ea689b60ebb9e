import { connect, createServer, type Server, type Socket } from "node:net"

/** A moment in the talk between a client and PostgreSQL: before a statement gets there, or before its answer gets back. */
export type Moment = { sent: RegExp } | { answered: RegExp }

/** The effect on the connection: it breaks, it stays silent for good, or nothing happens. */
type Fate = "cut" | "hold" | "pass"

interface Trap {
  moment: Moment
  act(): Fate | Promise<Fate>
  sprung(): void
}

const PARSE = "P"
/** Names the prepared statement that it executes. */
const BIND = "B"
const QUERY = "Q"
const COMPLETE = "C"

/** Stands between clients and a server, reads what they say, and can break or hold a connection at a given moment. */
export class PostgresProxy {
  readonly #traps = new Set<Trap>()
  readonly #sockets = new Set<Socket>()
  #isBlocking = false

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<PostgresProxy> {
    const server = createServer()
    const proxy = new PostgresProxy(server, target)
    server.on("connection", socket => proxy.#join(socket))
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
    return proxy
  }

  get port(): number {
    return (this.server.address() as { port: number }).port
  }

  /** Once, at the next such moment on any connection. The promise is resolved when it has happened. */
  once(moment: Moment, act: Trap["act"]): Promise<void> {
    return new Promise(sprung => this.#traps.add({ moment, act, sprung }))
  }

  /** Every connection breaks, and while `isBlocking` no other is accepted. */
  cutAll(isBlocking = false): void {
    this.#isBlocking = isBlocking
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll(true)
    await new Promise(closed => this.server.close(closed))
  }

  #join(client: Socket): void {
    if (this.#isBlocking) return void client.destroy()
    const server = connect(this.target, "127.0.0.1")
    const both = [client, server]
    const link = { isHeld: false, cut: () => both.forEach(socket => void socket.destroy()) }
    for (const socket of both) {
      this.#sockets.add(socket)
      socket.on("error", link.cut)
      socket.on("close", () => {
        this.#sockets.delete(socket)
        link.cut()
      })
    }
    this.#carry(client, server, link, new Messages(true))
    this.#carry(server, client, link, new Messages(false))
  }

  /** Message by message, in order, asking at each whether its moment has come. */
  #carry(from: Socket, to: Socket, link: { isHeld: boolean; cut(): void }, messages: Messages): void {
    let last = Promise.resolve()
    from.on("data", (chunk: Buffer) => {
      for (const message of messages.read(chunk)) {
        last = last.then(async () => {
          if (link.isHeld || to.destroyed) return
          const fate = await this.#fateOf(message)
          if (fate === "cut") link.cut()
          else if (fate === "hold") link.isHeld = true
          else to.write(message.bytes)
        })
      }
    })
  }

  async #fateOf({ kind, text, isFromClient }: Message): Promise<Fate> {
    for (const trap of this.#traps) {
      const isStatement = isFromClient ? kind === PARSE || kind === BIND || kind === QUERY : kind === COMPLETE
      const said = isFromClient ? sentIn(trap.moment) : answeredIn(trap.moment)
      if (!isStatement || !said?.test(text)) continue
      this.#traps.delete(trap)
      const fate = await trap.act()
      trap.sprung()
      return fate
    }
    return "pass"
  }
}

const sentIn = (moment: Moment) => ("sent" in moment ? moment.sent : undefined)
const answeredIn = (moment: Moment) => ("answered" in moment ? moment.answered : undefined)

interface Message {
  isFromClient: boolean
  kind: string
  text: string
  bytes: Buffer
}

/** Cuts a stream of PostgreSQL's protocol into messages: a letter, a length, a body; the first of a client has no letter. */
class Messages {
  #rest: Buffer = Buffer.alloc(0)
  #hasBegun = false

  constructor(private readonly isFromClient: boolean) {}

  read(chunk: Buffer): Message[] {
    const messages: Message[] = []
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const head = this.isFromClient && !this.#hasBegun ? 0 : 1
      if (this.#rest.length < head + 4) return messages
      const length = head + this.#rest.readInt32BE(head)
      if (this.#rest.length < length) return messages
      const bytes = this.#rest.subarray(0, length)
      this.#rest = this.#rest.subarray(length)
      this.#hasBegun = true
      const kind = head === 1 ? String.fromCharCode(bytes[0]!) : ""
      messages.push({ isFromClient: this.isFromClient, kind, text: bytes.toString("latin1", head + 4), bytes })
    }
  }
}
