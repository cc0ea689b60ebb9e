import type { Millis } from "../sale.ts"

/** What an operator may do. Each role may do what those before it may: look; steer sales and orders; make and revoke credentials. */
export const ROLES = ["viewer", "operator", "owner"] as const
export type Role = (typeof ROLES)[number]

/** What a shop's backend may do for any customer. */
export const SCOPES = ["orders:read", "orders:write", "sessions:mint", "sales:steer"] as const
export type Scope = (typeof SCOPES)[number]

/** An operator of this system, or the backend of a shop, with a token of its own. */
export interface Credential {
  name: string
  /** An operator's. */
  role?: Role
  /** A backend's. */
  scopes?: Scope[]
  /** SHA-256 of the token, in hexadecimal. The token is kept nowhere. */
  digest: string
  createdAt: Millis
  /** The operator who made it. */
  createdBy: string
}

/** A session of the control room that was ended before its time. */
export interface EndedSession {
  /** The session's id, or `EVERYBODY`: every session that would end at `until` or before has ended. */
  id: string
  /** When its cookie would have ended, in seconds since 1970. Afterwards the entry is not needed. */
  until: number
}

export const EVERYBODY = "*"

export const CREDENTIALS_MAX = 200
/** Ended sessions that are kept. One more ends everybody's session instead of forgetting one that was ended. */
export const ENDED_MAX = 2000

/** Keeps credentials and ended sessions for all replicas. Every method may reject with an `InventoryFault`. */
export interface CredentialStore {
  credentials(): Promise<{ credentials: Credential[]; ended: EndedSession[] }>
  /** `exists`: the name is taken. `full`: there are `CREDENTIALS_MAX`. */
  addCredential(credential: Credential): Promise<"added" | "exists" | "full">
  /** False if there is no such credential. */
  revokeCredential(name: string): Promise<boolean>
  /** `now` is in seconds since 1970. */
  endSession(session: EndedSession, now: number): Promise<void>
}

/** The entries after one more session has ended: without those that would have ended by `now`, and bounded. */
export function withEnded(entries: readonly EndedSession[], session: EndedSession, now: number): EndedSession[] {
  const rest = entries.filter(({ id, until }) => until > now && id !== session.id)
  const all = [...rest, session]
  if (all.length <= ENDED_MAX) return all
  return [{ id: EVERYBODY, until: Math.max(...all.map(({ until }) => until)) }]
}
