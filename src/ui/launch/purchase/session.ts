import type { Session } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { load, remove, save } from "../../common/storage.ts"

/** Only the session's end and its customer are stored here. Its token is in a cookie that no script can read. */
interface SavedSession {
  until: string
  customerId: string
}

/** `sign_in`: only customers that a shop names can buy here. */
export type SessionState = "open" | "unreachable" | "sign_in"

const NAME = "doorbuster:session"
/** A session is renewed this long before its end, so that it does not end during a purchase. */
const MARGIN_MS = 60_000

let opening: Promise<SessionState> | undefined

/** Resolves once this browser has a session, or it is known why it has none. */
export function ensureSession(): Promise<SessionState> {
  const until = Date.parse(load<SavedSession>(NAME)?.until ?? "")
  if (until - MARGIN_MS > Date.now()) return Promise.resolve("open")
  opening ??= open().finally(() => {
    opening = undefined
  })
  return opening
}

/**
 * Renews the session after a 401: the cookie is gone or has ended, or the server no longer accepts its signature. `isSame` says
 * whether the customer is the same as before.
 */
export async function renewSession(): Promise<{ state: SessionState; isSame: boolean }> {
  const before = load<SavedSession>(NAME)?.customerId
  remove(NAME)
  const state = await ensureSession()
  return { state, isSame: before !== undefined && load<SavedSession>(NAME)?.customerId === before }
}

async function open(): Promise<SessionState> {
  const { body, status } = await request<Session>("/api/v1/sessions", { method: "POST" })
  if (body) save(NAME, { until: body.expiresAt, customerId: body.customerId })
  if (status === 401) return "sign_in"
  return body ? "open" : "unreachable"
}
