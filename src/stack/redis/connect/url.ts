import { InventoryFault } from "../../../core/ports/inventory.ts"
import type { Address } from "./connection.ts"

const PORT = 6379
const SENTINEL_PORT = 26_379

export interface StoreUrl {
  kind: "single" | "sentinel" | "cluster"
  tls: boolean
  username?: string
  password?: string
  hosts: Address[]
  /** The master's name among the Sentinels. */
  master?: string
}

/** `redis://`, `redis+sentinel://host,host/master` or `redis+cluster://host,host`; `rediss` for TLS. */
export function parseUrl(url: string): StoreUrl {
  const match = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^@/]+)(?:\/(.*))?$/.exec(url)
  if (!match)
    throw new InventoryFault("The store's URL must begin with redis://, redis+sentinel:// or redis+cluster://.", true)
  const [, secure, kind, user, hosts, path] = match as unknown as (string | undefined)[]
  const [username, password] = (user ?? "").split(/:(.*)/).map(decodeURIComponent)
  const port = kind === "sentinel" ? SENTINEL_PORT : PORT
  return {
    kind: (kind as StoreUrl["kind"] | undefined) ?? "single",
    tls: secure === "s",
    username: username || undefined,
    password: password || undefined,
    hosts: hosts!.split(",").map(host => addressOf(host, port)),
    master: path || undefined,
  }
}

function addressOf(text: string, fallback: number): Address {
  const [, host = "", port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? []
  return { host: host.replace(/^\[|\]$/g, ""), port: port ? Number(port) : fallback }
}
