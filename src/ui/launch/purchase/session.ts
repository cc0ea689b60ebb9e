import type { Session } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { load, remove, save } from "../../common/storage.ts"

/** Only the session's end is stored here. Its token is in a cookie that no script can read. */
const NAME = "doorbuster:session"
/** A session is renewed this long before its end, so that it does not end during a purchase. */
const MARGIN_MS = 60_000

let opening: Promise<boolean> | undefined

/** Resolves to true once this browser has a session, and to false if the server could not be reached. */
export function ensureSession(): Promise<boolean> {
  const until = load<string>(NAME)
  if (until && Date.parse(until) - MARGIN_MS > Date.now()) return Promise.resolve(true)
  opening ??= open().finally(() => {
    opening = undefined
  })
  return opening
}

/** Opens a new session after a 401: the cookie is gone, or the server no longer accepts its signature. */
export function renewSession(): Promise<boolean> {
  remove(NAME)
  return ensureSession()
}

async function open(): Promise<boolean> {
  const { body } = await request<Session>("/api/v1/sessions", { method: "POST" })
  if (body) save(NAME, body.expiresAt)
  return body !== undefined
}
