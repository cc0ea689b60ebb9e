import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import type { Suite } from "../../support/needs.ts"
import { Nginx } from "../../support/nginx.ts"

/** A request that a replica received. */
export interface Asked {
  method: string
  url: string
  headers: IncomingMessage["headers"]
  body: string
}

export type Answerer = (asked: Asked, response: ServerResponse, socket: Socket) => void

/** An HTTP server in place of a replica. It answers as a test needs and records its requests. */
export class Replica {
  readonly asked: Asked[] = []
  connections = 0
  #sockets = new Set<Socket>()
  #server: Server | undefined

  private constructor(
    readonly name: string,
    public answer: Answerer,
    private at = 0,
  ) {}

  static async start(name: string, answer: Answerer = ok): Promise<Replica> {
    const replica = new Replica(name, answer)
    await replica.listen()
    return replica
  }

  get port(): number {
    return this.at
  }

  /** Listens, on the same port as before. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => this.#receive(request, response))
    server.keepAliveTimeout = 75_000
    server.on("connection", socket => {
      this.connections++
      this.#sockets.add(socket)
      socket.on("close", () => this.#sockets.delete(socket))
    })
    await new Promise<void>(resolve => server.listen(this.at, "127.0.0.1", resolve))
    this.at = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Closes the port and breaks every connection, as SIGKILL does. */
  async die(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(resolve => (server ? server.close(() => resolve()) : resolve()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.die()
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ""
    for await (const chunk of request) body += chunk
    const asked = { method: request.method!, url: request.url!, headers: request.headers, body }
    this.asked.push(asked)
    response.setHeader("X-Served-By", this.name)
    response.setHeader("X-Content-Type-Options", "nosniff")
    this.answer(asked, response, request.socket)
  }
}

export function ok(asked: Asked, response: ServerResponse): void {
  response.setHeader("Cache-Control", "no-store")
  response.setHeader("Content-Type", "application/json")
  response.end(JSON.stringify({ url: asked.url }))
}

/** Starts three replicas. */
export async function replicas(answer?: Answerer): Promise<[Replica, Replica, Replica]> {
  const [one, two, three] = await Promise.all(["node-1", "node-2", "node-3"].map(name => Replica.start(name, answer)))
  return [one!, two!, three!]
}

export const portsOf = (list: readonly Replica[]): number[] => list.map(({ port }) => port)

/** nginx in front of three replicas. Both are set while tests run. */
export interface Site {
  nodes: [Replica, Replica, Replica]
  nginx: Nginx
}

/** Starts a site that all tests of a file share. Before each test the replicas answer with `answer` and have no requests. */
export function sharedSite({ beforeAll, beforeEach, afterAll }: Suite, answer: Answerer = ok): Site {
  const site = {} as Site
  beforeAll(async () => {
    site.nodes = await replicas(answer)
    site.nginx = await Nginx.start({ upstreams: portsOf(site.nodes) })
  })
  beforeEach(() => {
    for (const node of site.nodes) {
      node.answer = answer
      node.asked.length = 0
    }
  })
  afterAll(async () => {
    await site.nginx?.stop()
    for (const node of site.nodes ?? []) await node.die()
  })
  return site
}
