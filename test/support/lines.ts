import { HttpConnection } from "../../src/cli/attack/http/connection.ts"
import type { HttpResponse } from "../../src/cli/attack/http/response-parser.ts"
import { getRequest, parseTarget, purchaseRequests, type Target } from "../../src/cli/attack/http/target.ts"
import { ADMIN_TOKEN, type System } from "./system.ts"
import { tokenOf } from "./token.ts"

const TIMEOUT_MS = 5_000
/** With three nodes, this many connections practically never miss one. */
const CONNECTIONS_MAX = 200

/** A keep-alive connection to one node. */
export class NodeLine {
  constructor(
    readonly node: string,
    private readonly address: Target,
    private readonly connection: HttpConnection,
  ) {}

  /** A new or a known customer buys one unit. */
  buy(sale: string, customer: string, key = `key-of-${customer}`): Promise<HttpResponse> {
    const request = purchaseRequests(this.address, sale, sale, 1)
    return this.connection.send(request(tokenOf(customer), key), TIMEOUT_MS)
  }

  administer(method: string, path: string, body: object = {}): Promise<HttpResponse> {
    const json = JSON.stringify(body)
    const head = `${method} /api/v1/admin${path} HTTP/1.1\r\nHost: ${this.address.authority}\r\n`
    const content = `Content-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`
    return this.connection.send(`${head}Authorization: Bearer ${ADMIN_TOKEN}\r\n${content}`, TIMEOUT_MS)
  }

  close(): void {
    this.connection.close()
  }
}

/** One connection to each node. */
export async function lineToEach(system: System, nodes = 3): Promise<NodeLine[]> {
  const address = parseTarget(system.url, false)
  const lines = new Map<string, NodeLine>()
  for (let tries = 0; lines.size < nodes; tries++) {
    if (tries === CONNECTIONS_MAX) throw new Error(`Only ${[...lines.keys()]} answer.`)
    const connection = await HttpConnection.open(address, TIMEOUT_MS)
    const { node = "" } = await connection.send(getRequest(address, "/livez"), TIMEOUT_MS)
    if (lines.has(node)) connection.close()
    else lines.set(node, new NodeLine(node, address, connection))
  }
  return [...lines.values()].sort((one, other) => one.node.localeCompare(other.node))
}

export function codeOf({ body }: HttpResponse): string {
  const { code, state } = JSON.parse(body) as { code?: string; state?: string }
  return code ?? state ?? ""
}
