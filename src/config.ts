import { hostname } from "node:os"
import { join, resolve } from "node:path"

/** A setting that cannot be used: its message is one sentence for whoever set it. */
export class ConfigError extends Error {
  override name = "ConfigError"
}

export interface Config {
  port: number
  host: string
  dataDir: string
  replicas: number
  inventory: { store: "sqlite"; file: string }
  /** Absent: the embedded system makes its own and keeps it in `dataDir`. */
  sessionSecret?: string
  adminToken?: string
  nodeId: string
  demo: boolean
  logLevel: string
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"]
export const SESSION_SECRET_BYTES_MIN = 32
export const ADMIN_TOKEN_BYTES_MIN = 16

/** Every setting with its default, for `--help`. */
export const SETTINGS: [name: string, fallback: string, meaning: string][] = [
  ["PORT", "8080", "where the pages and the API are served"],
  ["HOST", "127.0.0.1", "the address to listen on; 0.0.0.0 for every one"],
  ["DATA_DIR", "./data", "where the embedded store and its secrets are kept"],
  ["REPLICAS", "3", "web processes, 1 to 64"],
  ["INVENTORY_URL", "sqlite:", "the store that decides; sqlite: is the file in DATA_DIR"],
  ["SESSION_SECRET", "made at first start", "signs buyers' tokens, 32 bytes or more"],
  ["ADMIN_TOKEN", "made at first start", "opens the control room and the admin API, 16 characters or more"],
  ["NODE_ID", "the host's name", "shown to buyers in X-Served-By; node-1, node-2 ... when embedded"],
  ["DEMO", "1", "1 creates the demo sale in an empty store"],
  ["LOG_LEVEL", "info", LOG_LEVELS.join(", ")],
]

/** Reads the environment once. Throws a `ConfigError` for the first setting that is wrong. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const dataDir = resolve(env.DATA_DIR || "data")
  return {
    port: integer(env, "PORT", 8080, 1, 65_535),
    host: env.HOST || "127.0.0.1",
    dataDir,
    replicas: integer(env, "REPLICAS", 3, 1, 64),
    inventory: parseInventoryUrl(env.INVENTORY_URL || "sqlite:", dataDir),
    sessionSecret: secret(env, "SESSION_SECRET", SESSION_SECRET_BYTES_MIN),
    adminToken: secret(env, "ADMIN_TOKEN", ADMIN_TOKEN_BYTES_MIN),
    nodeId: matching(env, "NODE_ID", /^[A-Za-z0-9._-]{1,64}$/) ?? hostname(),
    demo: oneOf(env, "DEMO", ["0", "1"], "1") === "1",
    logLevel: oneOf(env, "LOG_LEVEL", LOG_LEVELS, "info"),
  }
}

function parseInventoryUrl(url: string, dataDir: string): Config["inventory"] {
  if (url === "sqlite:") return { store: "sqlite", file: join(dataDir, "doorbuster.db") }
  throw new ConfigError(`INVENTORY_URL is ${JSON.stringify(url)}, but only "sqlite:" is supported.`)
}

type Env = Record<string, string | undefined>

function integer(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = env[name]
  if (!text) return fallback
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must be a whole number from ${min} to ${max}.`)
}

function oneOf(env: Env, name: string, words: string[], fallback: string): string {
  const text = env[name] || fallback
  if (words.includes(text)) return text
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must be one of ${words.join(", ")}.`)
}

function matching(env: Env, name: string, pattern: RegExp): string | undefined {
  const text = env[name]
  if (!text || pattern.test(text)) return text || undefined
  throw new ConfigError(`${name} is ${JSON.stringify(text)}, but must match ${pattern.source}.`)
}

function secret(env: Env, name: string, bytesMin: number): string | undefined {
  const text = env[name]
  if (!text) return undefined
  if (Buffer.byteLength(text) >= bytesMin) return text
  throw new ConfigError(`${name} has ${Buffer.byteLength(text)} bytes, but must have ${bytesMin} or more.`)
}
