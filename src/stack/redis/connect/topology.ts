import { InventoryFault } from "../../../core/ports/inventory.ts"
import type { Address, StoreCredentials, Tls } from "./address.ts"
import { Cluster } from "./cluster.ts"
import { askOnce, type ConnectOptions } from "./connection.ts"
import { plain } from "./faults.ts"
import { Node, type Topology } from "./node.ts"

const PORT = 6379
const SENTINEL_PORT = 26_379

export interface StoreUrl {
  kind: "single" | "sentinel" | "cluster"
  tls: boolean
  credentials: StoreCredentials
  /** At least one: the server, the Sentinels, or some nodes of the cluster. */
  hosts: readonly [Address, ...Address[]]
  /** The master's name among the Sentinels; empty without them. */
  master: string
}

/**
 * Reads `redis://host`, `redis+sentinel://host,host/master` or `redis+cluster://host,host`; `rediss` is with TLS. Throws an
 * `InventoryFault` for any other text.
 */
export function parseUrl(url: string): StoreUrl {
  const match = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^@/]+)(?:\/(.*))?$/.exec(url)
  if (!match)
    throw new InventoryFault("The store's URL must begin with redis://, redis+sentinel:// or redis+cluster://.", true)
  const [, secure, kind, user = "", hosts = "", master = ""] = match
  const [username, password] = user.split(/:(.*)/).map(decodeURIComponent)
  const port = kind === "sentinel" ? SENTINEL_PORT : PORT
  const [first = "", ...others] = hosts.split(",")
  return {
    kind: kind === "sentinel" || kind === "cluster" ? kind : "single",
    tls: secure === "s",
    credentials: { ...(username && { username }), ...(password && { password }) },
    hosts: [addressOf(first, port), ...others.map(host => addressOf(host, port))],
    master,
  }
}

/** The masters behind a URL. It connects once it is started. */
export function topologyOf(url: StoreUrl, options: ConnectOptions): Topology {
  if (url.kind === "cluster") return new Cluster(url.hosts, options)
  const [host] = url.hosts
  const address = url.kind === "sentinel" ? () => masterOf(url, options.tls) : async () => host
  return new SingleMaster(new Node(address, options))
}

/** One master has every key. If there are Sentinels, they are asked for its address before each attempt to connect. */
class SingleMaster implements Topology {
  constructor(private readonly only: Node) {}

  start(): void {
    this.only.start()
  }

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

async function masterOf({ hosts, master }: StoreUrl, tls: Tls): Promise<Address> {
  let reason = ""
  for (const host of hosts) {
    try {
      const options = { credentials: {}, tls }
      const found = await askOnce(host, options, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", master)
      if (found) {
        const [name, port] = found as [string, string]
        return { host: name, port: Number(port) }
      }
      reason = `no Sentinel knows a master named ${master}`
    } catch (error) {
      reason = plain(error as Error)
    }
  }
  throw new InventoryFault(`The store's Sentinels cannot be asked: ${reason}.`, true)
}

function addressOf(text: string, fallback: number): Address {
  const [, host = "", port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? []
  return { host: host.replace(/^\[|\]$/g, ""), port: port ? Number(port) : fallback }
}
