import { join } from "node:path"
import { ConfigError, certificates, type Env, secret } from "./read.ts"

/** Where a service is. `url` may hold credentials, so it must never be logged. */
export interface ServiceAddress {
  url: string
  /** Replaces the password in `url`. */
  password?: string | undefined
  /** The authorities, in PEM, one of which must have signed the server's certificate. Undefined: those of the system. */
  ca?: string | undefined
}

export type InventorySettings = { store: "sqlite"; file: string } | ({ store: "redis" } & ServiceAddress)
export type LedgerSettings = ServiceAddress

const HOST = String.raw`(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?`
const HOSTS = `${HOST}(?:,${HOST})*`
const USER = String.raw`(?:[^@/\s]*@)?`
/**
 * One server, or Sentinels with the name of their master, or some nodes of a cluster. INVENTORY_URL chooses among them;
 * `deploy/` sets a single server today.
 */
const REDIS = [
  new RegExp(`^rediss?://${USER}${HOST}(?:/0?)?$`),
  new RegExp(`^rediss?\\+sentinel://${USER}${HOSTS}/[A-Za-z0-9._-]+$`),
  new RegExp(`^rediss?\\+cluster://${USER}${HOSTS}/?$`),
]
const POSTGRES = /^postgres(?:ql)?:\/\//

/** The inventory and, when that is a Redis, the ledger beside it. */
export function readStores(
  env: Env,
  dataDir: string,
): {
  inventory: InventorySettings
  ledger: LedgerSettings | undefined
} {
  const inventory = readInventory(env, dataDir)
  const ledger = readLedger(env)
  if (inventory.store === "sqlite" && ledger) {
    throw new ConfigError("LEDGER_URL is set, but INVENTORY_URL is not: sqlite: keeps a ledger of its own.")
  }
  if (inventory.store === "redis" && !ledger) {
    throw new ConfigError("INVENTORY_URL names a Redis, which needs a ledger: set LEDGER_URL=postgres://HOST/DATABASE.")
  }
  return { inventory, ledger }
}

function readInventory(env: Env, dataDir: string): InventorySettings {
  const url = env.INVENTORY_URL || "sqlite:"
  if (url === "sqlite:") return { store: "sqlite", file: join(dataDir, "doorbuster.db") }
  if (REDIS.some(form => form.test(url))) {
    const ca = certificates(env, "INVENTORY_CA_FILE")
    if (ca && !url.startsWith("rediss")) {
      throw new ConfigError(
        `INVENTORY_CA_FILE is set, but INVENTORY_URL is ${shown(url)}, without TLS: begin it with rediss.`,
      )
    }
    return { store: "redis", url, password: secret(env, "INVENTORY_PASSWORD", 1), ca }
  }
  const forms =
    "sqlite:, redis://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/MASTER or redis+cluster://HOST:PORT,HOST:PORT"
  throw new ConfigError(`INVENTORY_URL is ${shown(url)}, but must be ${forms}.`)
}

function readLedger(env: Env): LedgerSettings | undefined {
  const url = env.LEDGER_URL
  if (!url) return undefined
  const isUsable = POSTGRES.test(url) && URL.canParse(url) && new URL(url).pathname.length > 1
  if (!isUsable) throw new ConfigError(`LEDGER_URL is ${shown(url)}, but must be postgres://HOST:PORT/DATABASE.`)
  const ca = certificates(env, "LEDGER_CA_FILE")
  const mode = new URL(url).searchParams.get("sslmode")
  // The modes between would encrypt for anybody, or not at all when the server says so.
  if (mode !== null && mode !== "disable" && mode !== "verify-full") {
    throw new ConfigError(`LEDGER_URL has sslmode=${mode}, but only sslmode=verify-full is TLS that nobody can read.`)
  }
  if (ca && mode !== "verify-full") {
    throw new ConfigError("LEDGER_CA_FILE is set, but LEDGER_URL is without TLS: end it with ?sslmode=verify-full.")
  }
  return { url, password: secret(env, "LEDGER_PASSWORD", 1), ca }
}

/** The URL as a message may show it: without its password. */
function shown(url: string): string {
  return JSON.stringify(url.replace(/\/\/.*@/, "//...@"))
}
