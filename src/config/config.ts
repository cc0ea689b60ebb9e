import { hostname } from "node:os"
import { resolve } from "node:path"
import { RELEASED_ORDERS_MAX } from "../core/sale.ts"
import { CUSTOMER_SETTINGS, type CustomerSettings, readCustomers, SESSION_SECRET_BYTES_MIN } from "./customers.ts"
import { OIDC_SETTINGS, type OidcSettings, readOidc } from "./oidc.ts"
import { ConfigError, type Env, integer, matching, oneOf, secret, share } from "./read.ts"
import { type InventorySettings, type LedgerSettings, readStores } from "./stores.ts"

export { handOver, takeOver } from "./handed-over.ts"
export { ConfigError, type Env } from "./read.ts"

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"]

type Setting = [name: string, fallback: string, meaning: string]

/** Every setting with its default in the embedded system. */
export const SETTINGS: Setting[] = [
  ["PORT", "8080", "the port of the pages and the API"],
  ["HOST", "127.0.0.1", "the address to listen on; 0.0.0.0 for all"],
  [
    "OPERATORS_PORT",
    "none",
    "a port of its own for the control room, the admin API and /metrics; PORT then has the shop only",
  ],
  ["OPERATORS_HOST", "127.0.0.1", "the address that OPERATORS_PORT listens on"],
  ["DATA_DIR", "./data", "the folder of the embedded store and its secrets"],
  ["REPLICAS", "3", "web processes of the embedded system, 1 to 64"],
  ["INVENTORY_URL", "sqlite:", "the store that decides: sqlite: in DATA_DIR, or the stack's redis://HOST:PORT"],
  ["INVENTORY_PASSWORD", "the one in INVENTORY_URL", "the store's password"],
  ["INVENTORY_CA_FILE", "the system's", "authorities of the store's certificate, in PEM, for rediss://"],
  ["LEDGER_URL", "none", "the stack's permanent record: postgres://USER@HOST:PORT/DATABASE"],
  ["LEDGER_PASSWORD", "the one in LEDGER_URL", "the ledger's password"],
  ["LEDGER_CA_FILE", "the system's", "authorities of the ledger's certificate, in PEM, for ?sslmode=verify-full"],
  ["JOURNAL_FACTS_MAX", "200000", "selling stops when more facts of one sale than this wait for the ledger"],
  ["RELEASED_ORDERS_MAX", "500000", "a sale with more released orders than this holds nothing more"],
  ["STREAMS_MAX", "4000", "live streams of one replica; further viewers read the sale every few seconds"],
  ["STREAMS_PER_ADDRESS", "500", "live streams of one replica that come from one address"],
  ["SESSION_SECRET", "made at first start", "signs buyers' tokens, 32 bytes or more"],
  ...CUSTOMER_SETTINGS,
  ["ADMIN_TOKEN", "made at first start", "opens the control room and the admin API, 16 characters or more"],
  ...OIDC_SETTINGS,
  ["NODE_ID", "the host name", "shown to buyers in X-Served-By; node-1, node-2 ... when embedded"],
  [
    "TRUST_PROXY",
    "0",
    "how many proxies append to X-Forwarded-For before this process; 0 if clients reach it without one",
  ],
  [
    "ARRIVAL_STAMP",
    "off",
    "on: a proxy sets X-Arrival in every request, and no client reaches this process without it",
  ],
  ["DEMO", "1", "1 creates the demo sale in an empty store"],
  ["LOG_LEVEL", "info", LOG_LEVELS.join(", ")],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "none", "where traces are sent, over OTLP/HTTP: http://HOST:4318"],
  ["OTEL_TRACES_SAMPLER_ARG", "0.01", "the share of purchases that are traced, 0 to 1"],
]

/** Explanations that do not fit into the table. */
export const SETTINGS_NOTE = [
  "INVENTORY_URL may also be rediss://HOST:PORT (TLS), redis+sentinel://HOST:PORT,HOST:PORT/MASTER or",
  "redis+cluster://HOST:PORT,HOST:PORT. A secret, token or password may be in a file: ADMIN_TOKEN_FILE=/run/secrets/admin.",
]

/** What the parts of a stack do not use. */
const UNUSED = {
  serve: /^(DATA_DIR|REPLICAS|DEMO)$/,
  worker:
    /^(DATA_DIR|REPLICAS|(OPERATORS|STREAMS|SESSION|CUSTOMER|JWKS|OIDC)_.*|PUBLIC_ORIGIN|ALLOWED_ORIGINS|ANONYMOUS|ADMIN_TOKEN|TRUST_PROXY|ARRIVAL_STAMP)$/,
}
const NEEDED = "must be set"
/** In a stack every replica needs the same secrets, so none of them can make one. */
const STACK_FALLBACKS = new Map([
  ["INVENTORY_URL", NEEDED],
  ["LEDGER_URL", NEEDED],
  ["SESSION_SECRET", NEEDED],
  ["ADMIN_TOKEN", NEEDED],
  ["CUSTOMER_ID_SECRET", "none"],
])

/** The settings that a command's `--help` shows: those of `up` are all. */
export function settingsOf(role: "up" | "serve" | "worker"): Setting[] {
  if (role === "up") return SETTINGS
  return SETTINGS.filter(([name]) => !UNUSED[role].test(name)).map(([name, fallback, meaning]) => [
    name,
    STACK_FALLBACKS.get(name) ?? fallback,
    meaning,
  ])
}

export interface Config {
  port: number
  host: string
  /** Undefined when one port serves everything. */
  operatorsPort: number | undefined
  operatorsHost: string
  dataDir: string
  /** Replicas of the embedded system. */
  replicas: number
  inventory: InventorySettings
  /** Undefined when the inventory is SQLite, which keeps its own ledger. */
  ledger: LedgerSettings | undefined
  /** Selling stops when more facts of one sale than this wait for the ledger. */
  journalFactsMax: number
  /** A sale with more released orders than this holds nothing more, because none of them is ever forgotten. */
  releasedOrdersMax: number
  /** Live streams of one replica, in all and from one address. */
  streamsMax: number
  streamsPerAddress: number
  /** Undefined: the embedded system makes one and keeps it in `dataDir`. So is the admin token. */
  sessionSecret: string | undefined
  adminToken: string | undefined
  customers: CustomerSettings
  /** Undefined: operators sign in with tokens only. */
  oidc: OidcSettings | undefined
  nodeId: string
  /** How many proxies append to X-Forwarded-For. */
  trustProxy: number
  /** Whether a proxy says in every request when it came. */
  arrivalStamp: boolean
  /** Whether an empty store gets the demo sale. */
  demo: boolean
  logLevel: string
  /** Where traces are sent; undefined when none are made. */
  otlpEndpoint: string | undefined
  /** The share of purchases that are traced, 0 to 1. */
  traceShare: number
}

export const ADMIN_TOKEN_BYTES_MIN = 16

/** Reads the environment. Throws a `ConfigError` for the first setting that cannot be used. */
export function readConfig(env: Env = process.env): Config {
  const dataDir = resolve(env.DATA_DIR || "data")
  const port = integer(env, "PORT", 8080, 1, 65_535)
  return {
    port,
    host: env.HOST || "127.0.0.1",
    operatorsPort: readOperatorsPort(env, port),
    operatorsHost: env.OPERATORS_HOST || "127.0.0.1",
    dataDir,
    replicas: integer(env, "REPLICAS", 3, 1, 64),
    ...readStores(env, dataDir),
    journalFactsMax: integer(env, "JOURNAL_FACTS_MAX", 200_000, 100, 10_000_000),
    releasedOrdersMax: integer(env, "RELEASED_ORDERS_MAX", RELEASED_ORDERS_MAX, 100, 100_000_000),
    streamsMax: integer(env, "STREAMS_MAX", 4000, 1, 1_000_000),
    streamsPerAddress: integer(env, "STREAMS_PER_ADDRESS", 500, 1, 1_000_000),
    sessionSecret: secret(env, "SESSION_SECRET", SESSION_SECRET_BYTES_MIN),
    adminToken: secret(env, "ADMIN_TOKEN", ADMIN_TOKEN_BYTES_MIN),
    customers: readCustomers(env),
    oidc: readOidc(env),
    nodeId: matching(env, "NODE_ID", /^[A-Za-z0-9._-]{1,64}$/) ?? hostname(),
    trustProxy: integer(env, "TRUST_PROXY", 0, 0, 10),
    arrivalStamp: oneOf(env, "ARRIVAL_STAMP", ["on", "off"], "off") === "on",
    demo: oneOf(env, "DEMO", ["0", "1"], "1") === "1",
    logLevel: oneOf(env, "LOG_LEVEL", LOG_LEVELS, "info"),
    otlpEndpoint: readEndpoint(env),
    traceShare: share(env, "OTEL_TRACES_SAMPLER_ARG", 0.01),
  }
}

function readOperatorsPort(env: Env, port: number): number | undefined {
  if (!env.OPERATORS_PORT) return undefined
  const operatorsPort = integer(env, "OPERATORS_PORT", 0, 1, 65_535)
  if (operatorsPort !== port) return operatorsPort
  throw new ConfigError(`OPERATORS_PORT and PORT are both ${port}; each needs a port of its own.`)
}

function readEndpoint(env: Env): string | undefined {
  const url = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!url) return undefined
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url
  throw new ConfigError(`OTEL_EXPORTER_OTLP_ENDPOINT is ${JSON.stringify(url)}, but must be http://HOST:PORT.`)
}

/** Throws one sentence unless a replica or a worker of the stack can start with these settings. */
export function assertStack(role: "serve" | "worker", { inventory, sessionSecret, adminToken }: Config): void {
  if (inventory.store !== "redis") {
    throw new ConfigError(
      `INVENTORY_URL must be redis://HOST:PORT for ${role}; the embedded system is started with: doorbuster up.`,
    )
  }
  if (role === "worker") return
  for (const [name, value] of Object.entries({ SESSION_SECRET: sessionSecret, ADMIN_TOKEN: adminToken })) {
    if (value === undefined) throw new ConfigError(`${name} is not set, and every replica of a stack needs the same.`)
  }
}
