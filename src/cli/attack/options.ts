import { CliError } from "../cli-error.ts"

export interface AttackOptions {
  url: string
  /** Allows a host other than this machine. */
  ownSystem: boolean
  /** The first open sale if absent. */
  sale?: string | undefined
  /** The sale's first item if absent. */
  sku?: string | undefined
  quantity: number
  buyers: number
  /** Purchases in progress at the same time, each on its own connection. */
  concurrency: number
  requestsPerBuyer: number
  /** Open loop: purchases begun per second, however fast the server answers. */
  rate?: number | undefined
  /** No purchase begins later than this. */
  durationMs?: number | undefined
  /** Signs the buyers' tokens. Without this and `tokenSource`, each buyer opens a session. */
  secret?: string | undefined
  /** A file with one token per line. */
  tokenSource?: string | undefined
  /** The system's CUSTOMER_ID_SECRET, for tokens whose subjects are no ids. */
  customerSecret?: string | undefined
  /** The file to which every request and its answer are written, as JSON lines. */
  history?: string | undefined
  /** After this time the outcome of a request is unknown. */
  timeoutMs: number
  /** For how long a purchase is repeated under its key. */
  patienceMs: number
  /** Ends the attack early: requests in flight are waited for, and nothing is repeated. */
  signal?: AbortSignal | undefined
}

export const DEFAULTS: AttackOptions = {
  url: "http://localhost:8080",
  ownSystem: false,
  quantity: 1,
  buyers: 500,
  concurrency: 50,
  requestsPerBuyer: 1,
  timeoutMs: 5_000,
  patienceMs: 30_000,
}

/** An option that is `undefined` counts as absent. */
export function withDefaults(options: PartialOptions): AttackOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const settings: AttackOptions = { ...DEFAULTS, ...given }
  if (settings.secret !== undefined && settings.tokenSource !== undefined) {
    throw new CliError("Give --secret or --token-source, not both.")
  }
  return settings
}

export type PartialOptions = { [Name in keyof AttackOptions]?: AttackOptions[Name] | undefined }
