import { connect, createServer, type Server, type Socket } from "node:net"

/** What happens to a piece of data: it passes, changed or not, or the connection is cut. */
type Fate = string | "cut"
export const CUT = "cut"

/** Stands between clients and a Redis, and can change what they say to each other or cut them off. */
export class RedisProxy {
  readonly #sockets = new Set<Socket>()
  /** Asked for everything that clients send. */
  onRequest: (text: string) => Fate = text => text
  /** Asked for everything that the server answers. */
  onReply: (text: string) => Fate = text => text
  connections = 0

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<RedisProxy> {
    const server = createServer()
    const proxy = new RedisProxy(server, target)
    server.on("connection", socket => proxy.#join(socket))
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
    return proxy
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as { port: number }).port}`
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise(done => this.server.close(done))
    this.cutAll()
    await closed
  }

  #join(client: Socket): void {
    this.connections++
    const server = connect(this.target, "127.0.0.1")
    const cut = () => {
      client.destroy()
      server.destroy()
    }
    const carry = (from: Socket, to: Socket, ask: (text: string) => Fate) => {
      this.#sockets.add(from)
      from.on("error", cut)
      from.on("close", () => {
        this.#sockets.delete(from)
        cut()
      })
      from.on("data", (bytes: Buffer) => {
        const fate = ask(bytes.toString("latin1"))
        if (fate === CUT) cut()
        else to.write(fate, "latin1")
      })
    }
    carry(client, server, text => this.onRequest(text))
    carry(server, client, text => this.onReply(text))
  }
}
