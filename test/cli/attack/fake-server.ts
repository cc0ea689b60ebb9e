import type { Socket } from "bun"

/** A request as the fake server reads it. */
export interface Asked {
  method: string
  path: string
  headers: Record<string, string>
  body: string
  /** The number of the connection that it came over, from 1. */
  connection: number
  /** How many requests with this idempotency key came before. */
  earlier: number
}

/** `hang`: no answer, ever. `cut`: these bytes, then the end of the connection. */
export type Behaviour = string | "hang" | { cut: string } | Promise<string>

export interface FakeServer extends Disposable {
  url: string
  asked: Asked[]
  /** The stock that the sale shows. A test may change it into a lie. */
  stock: { total: number; free: number; held: number; sold: number }
  /** Receives the number of sessions opened so far. */
  onSession: (count: number) => void
  /** Sells a unit as a Doorbuster server would, and returns the response. */
  sell(asked: Asked): string
}

interface Incoming {
  text: string
  connection: number
}

/**
 * A server that sells `total` units and answers purchases as oddly as `behave` says. It writes to a bare socket, because
 * a real HTTP server would correct what is odd.
 */
export function openFakeServer(total: number, behave?: (asked: Asked, server: FakeServer) => Behaviour): FakeServer {
  const stock = { total, free: total, held: 0, sold: 0 }
  const orders = new Map<string, string>()
  const asked: Asked[] = []
  let connections = 0
  let sessions = 0
  let seq = 0

  const sale = () => ({ ...SALE, seq, items: [{ ...ITEM, ...server.stock }] })

  function sell({ headers }: Asked): string {
    const key = headers["idempotency-key"] ?? ""
    const earlier = orders.get(key)
    if (earlier) return http(200, earlier, "Idempotency-Replayed: true\r\n")
    if (stock.free === 0) return http(409, JSON.stringify({ code: "sold_out", seq }))
    stock.free--
    stock.sold++
    const order = JSON.stringify({ id: `A${++seq}-TEST`, state: "confirmed", seq })
    orders.set(key, order)
    return http(201, order)
  }

  function openSession(): string {
    server.onSession(++sessions)
    return http(201, JSON.stringify({ ...SESSION, customerId: `c${sessions}` }))
  }

  function answer(request: Asked): Behaviour {
    if (request.path === "/api/v1/sales") return http(200, JSON.stringify({ sales: [sale()] }))
    if (request.path === "/api/v1/sales/shoes") return http(200, JSON.stringify(sale()))
    if (request.path === "/api/v1/sessions") return openSession()
    if (request.path !== "/api/v1/sales/shoes/orders") return http(404, JSON.stringify({ code: "sale_unknown" }))
    asked.push(request)
    return behave ? behave(request, server) : sell(request)
  }

  const listener = Bun.listen<Incoming>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = { text: "", connection: ++connections }
      },
      data(socket, bytes) {
        socket.data.text += bytes.toString("latin1")
        const request = parseRequest(socket.data, asked)
        if (request) void respond(socket, answer(request))
      },
    },
  })
  const server: FakeServer = {
    url: `http://127.0.0.1:${listener.port}`,
    asked,
    stock,
    onSession: () => {},
    sell,
    [Symbol.dispose]: () => listener.stop(true),
  }
  return server
}

export function http(status: number, body: string, headers = ""): string {
  return `HTTP/1.1 ${status} Word\r\nX-Served-By: node-1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`
}

async function respond(socket: Socket<Incoming>, behaviour: Behaviour): Promise<void> {
  const done = await behaviour
  if (typeof done === "object") socket.end(done.cut)
  else if (done !== "hang") socket.write(done)
}

function parseRequest(incoming: Incoming, before: readonly Asked[]): Asked | undefined {
  const end = incoming.text.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const [first = "", ...lines] = incoming.text.slice(0, end).split("\r\n")
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [name = "", value = ""] = line.split(": ", 2)
    headers[name.toLowerCase()] = value
  }
  const length = Number(headers["content-length"] ?? 0)
  if (incoming.text.length < end + 4 + length) return undefined
  const body = incoming.text.slice(end + 4, end + 4 + length)
  incoming.text = incoming.text.slice(end + 4 + length)
  const [method = "", path = ""] = first.split(" ")
  const key = headers["idempotency-key"]
  const earlier = before.filter(other => other.headers["idempotency-key"] === key).length
  return { method, path, headers, body, connection: incoming.connection, earlier }
}

const TIME = "2026-01-01T00:00:00Z"
const SESSION = { token: "a.b.c", expiresAt: TIME }
const ITEM = { sku: "shoe", name: "Shoe", price: { amount: 1, currency: "IDR" } }
const SALE = {
  id: "shoes",
  name: "Shoes",
  description: "",
  state: "open",
  opensAt: TIME,
  checkout: "instant",
  limitPerCustomer: 1,
  now: TIME,
}
