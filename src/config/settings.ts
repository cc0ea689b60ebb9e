export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"]

/** Every setting with its default, for `--help`. */
export const SETTINGS: [name: string, fallback: string, meaning: string][] = [
  ["PORT", "8080", "the port of the pages and the API"],
  ["HOST", "127.0.0.1", "the address to listen on; 0.0.0.0 for all"],
  ["DATA_DIR", "./data", "the folder of the embedded store and its secrets"],
  ["REPLICAS", "3", "web processes of the embedded system, 1 to 64"],
  ["INVENTORY_URL", "sqlite:", "the store that decides: sqlite: in DATA_DIR, or the stack's redis://HOST:PORT"],
  ["INVENTORY_PASSWORD", "the one in INVENTORY_URL", "the store's password"],
  ["LEDGER_URL", "none", "the stack's permanent record: postgres://USER@HOST:PORT/DATABASE"],
  ["LEDGER_PASSWORD", "the one in LEDGER_URL", "the ledger's password"],
  ["JOURNAL_FACTS_MAX", "200000", "selling stops when more facts of one sale than this wait for the ledger"],
  ["SESSION_SECRET", "made at first start", "signs buyers' tokens, 32 bytes or more"],
  ["ADMIN_TOKEN", "made at first start", "opens the control room and the admin API, 16 characters or more"],
  ["NODE_ID", "the host name", "shown to buyers in X-Served-By; node-1, node-2 ... when embedded"],
  ["TRUST_PROXY", "0", "1 if only a proxy can reach this process, and it sets X-Forwarded-For itself"],
  ["DEMO", "1", "1 creates the demo sale in an empty store"],
  ["LOG_LEVEL", "info", LOG_LEVELS.join(", ")],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "none", "where traces are sent, over OTLP/HTTP: http://HOST:4318"],
  ["OTEL_TRACES_SAMPLER_ARG", "0.01", "the share of purchases that are traced, 0 to 1"],
]

/** What does not fit into one line of the table. */
export const SETTINGS_NOTE = [
  "INVENTORY_URL may also be rediss://HOST:PORT (TLS), redis+sentinel://HOST:PORT,HOST:PORT/MASTER or",
  "redis+cluster://HOST:PORT,HOST:PORT. A secret, token or password may be in a file: ADMIN_TOKEN_FILE=/run/secrets/admin.",
]
