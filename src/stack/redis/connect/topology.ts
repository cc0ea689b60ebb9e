import { createClient } from "@redis/client"
import { InventoryFault } from "../../../core/ports/inventory.ts"
import { Cluster } from "./cluster.ts"
import type { Address, ConnectOptions } from "./connection.ts"
import { plain } from "./faults.ts"
import { Node } from "./node.ts"
import type { StoreUrl } from "./url.ts"

const ASK_MAX_MS = 1000

/** Which process decides about which keys. */
export interface Topology {
  /** Throws a fault that is certain while no node is known to have these keys. */
  node(tag: string): Node
  nodes(): Node[]
  /** To be called when a node says that it is another's turn. */
  refresh(): Promise<void>
  connected(): Promise<void>
  close(): void
}

export function openTopology(url: StoreUrl, options: ConnectOptions): Topology {
  if (url.kind === "cluster") return new Cluster(url.hosts, options)
  const [host] = url.hosts
  return new One(new Node(url.kind === "sentinel" ? () => masterOf(url) : async () => host!, options))
}

/** One master for everything; with Sentinels, they say at each connect which it is. */
class One implements Topology {
  constructor(private readonly only: Node) {}

  node(): Node {
    return this.only
  }

  nodes(): Node[] {
    return [this.only]
  }

  async refresh(): Promise<void> {
    this.only.connection.drop("another is the master now")
  }

  connected(): Promise<void> {
    return this.only.connected()
  }

  close(): void {
    this.only.close()
  }
}

async function masterOf({ hosts, tls, master = "" }: StoreUrl): Promise<Address> {
  let reason = ""
  for (const host of hosts) {
    try {
      const found = (await askOnce(host, { tls }, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", master)) as string[] | null
      if (found) return { host: found[0]!, port: Number(found[1]) }
      reason = `no Sentinel knows a master named ${master}`
    } catch (error) {
      reason = plain(error as Error)
    }
  }
  throw new InventoryFault(`The store's Sentinels cannot be asked: ${reason}.`, true)
}

/** One question over a connection of its own. */
export async function askOnce(
  { host, port }: Address,
  { username, password, tls }: Partial<ConnectOptions>,
  ...command: string[]
): Promise<unknown> {
  const socket = {
    host,
    port,
    connectTimeout: ASK_MAX_MS,
    socketTimeout: ASK_MAX_MS,
    reconnectStrategy: false as const,
  }
  const client = createClient({
    RESP: 2,
    username,
    password,
    socket: tls ? { ...socket, tls } : socket,
    maintNotifications: "disabled",
  })
  client.on("error", () => {})
  try {
    await client.connect()
    return await client.sendCommand(command)
  } finally {
    client.destroy()
  }
}
