import { CliError } from "../cli-error.ts"

export interface AttackOptions {
  url: string
  /** Allows a host that is not this machine. */
  ownSystem: boolean
  /** The first open sale when absent. */
  sale?: string
  /** The sale's first item when absent. */
  sku?: string
  quantity: number
  buyers: number
  /** Purchases under way at once, each on a connection of its own. */
  concurrency: number
  requestsPerBuyer: number
  /** Open loop: purchases begun per second, whatever the server does. */
  rate?: number
  /** No purchase begins later than this. */
  durationMs?: number
  /** Signs the buyers' tokens; with neither this nor `tokenSource`, each buyer opens a session. */
  secret?: string
  /** A file with one token a line. */
  tokenSource?: string
  /** A file for every request and its end, as JSON lines. */
  history?: string
  /** After this a request's outcome is unknown. */
  timeoutMs: number
  /** How long a purchase is repeated under its key. */
  patienceMs: number
  /** Ends the attack early: what is in flight is waited for, nothing is repeated. */
  signal?: AbortSignal
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
export function withDefaults(options: Partial<AttackOptions>): AttackOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const settings: AttackOptions = { ...DEFAULTS, ...given }
  if (settings.secret !== undefined && settings.tokenSource !== undefined) {
    throw new CliError("Give --secret or --token-source, not both.")
  }
  return settings
}
