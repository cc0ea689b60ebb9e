import { hostname } from "node:os"
import { resolve } from "node:path"
import { ConfigError, type Env, integer, matching, oneOf, secret, share } from "./read.ts"
import { LOG_LEVELS } from "./settings.ts"
import { type InventorySettings, type LedgerSettings, readStores } from "./stores.ts"

export { ConfigError, type Env } from "./read.ts"
export { SETTINGS, SETTINGS_NOTE } from "./settings.ts"

export interface Config {
  port: number
  host: string
  dataDir: string
  /** Replicas of the embedded system. */
  replicas: number
  inventory: InventorySettings
  /** Undefined when the inventory is SQLite, which keeps its own ledger. */
  ledger: LedgerSettings | undefined
  /** Selling stops when more facts of one sale than this wait for the ledger. */
  journalFactsMax: number
  /** Undefined: the embedded system makes one and keeps it in `dataDir`. So is the admin token. */
  sessionSecret: string | undefined
  adminToken: string | undefined
  nodeId: string
  /** Whether X-Forwarded-For is believed. */
  trustProxy: boolean
  /** Whether an empty store gets the demo sale. */
  demo: boolean
  logLevel: string
  /** Where traces are sent; undefined when none are made. */
  otlpEndpoint: string | undefined
  /** The share of purchases that are traced, 0 to 1. */
  traceShare: number
}

export const SESSION_SECRET_BYTES_MIN = 32
export const ADMIN_TOKEN_BYTES_MIN = 16

/** Reads the environment. Throws a `ConfigError` for the first setting that cannot be used. */
export function readConfig(env: Env = process.env): Config {
  const dataDir = resolve(env.DATA_DIR || "data")
  return {
    port: integer(env, "PORT", 8080, 1, 65_535),
    host: env.HOST || "127.0.0.1",
    dataDir,
    replicas: integer(env, "REPLICAS", 3, 1, 64),
    ...readStores(env, dataDir),
    journalFactsMax: integer(env, "JOURNAL_FACTS_MAX", 200_000, 100, 10_000_000),
    sessionSecret: secret(env, "SESSION_SECRET", SESSION_SECRET_BYTES_MIN),
    adminToken: secret(env, "ADMIN_TOKEN", ADMIN_TOKEN_BYTES_MIN),
    nodeId: matching(env, "NODE_ID", /^[A-Za-z0-9._-]{1,64}$/) ?? hostname(),
    trustProxy: oneOf(env, "TRUST_PROXY", ["0", "1"], "0") === "1",
    demo: oneOf(env, "DEMO", ["0", "1"], "1") === "1",
    logLevel: oneOf(env, "LOG_LEVEL", LOG_LEVELS, "info"),
    otlpEndpoint: readEndpoint(env),
    traceShare: share(env, "OTEL_TRACES_SAMPLER_ARG", 0.01),
  }
}

function readEndpoint(env: Env): string | undefined {
  const url = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!url) return undefined
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url
  throw new ConfigError(`OTEL_EXPORTER_OTLP_ENDPOINT is ${JSON.stringify(url)}, but must be http://HOST:PORT.`)
}
