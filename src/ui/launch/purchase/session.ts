import type { Session } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { load, remove, save } from "../../common/storage.ts"

/** Only the end of the session is kept here: its token is in a cookie that no script can read. */
const NAME = "doorbuster:session"
/** Renewed this long before its end, so that no purchase begins with a session that ends under it. */
const MARGIN_MS = 60_000

let asking: Promise<boolean> | undefined

/** True as soon as this browser is somebody; false when the server could not be asked. */
export function ensureSession(): Promise<boolean> {
  const until = load<string>(NAME)
  if (until && Date.parse(until) - MARGIN_MS > Date.now()) return Promise.resolve(true)
  asking ??= open().finally(() => {
    asking = undefined
  })
  return asking
}

/** For a 401: the cookie is gone, or its signature is no longer believed. */
export function renewSession(): Promise<boolean> {
  remove(NAME)
  return ensureSession()
}

async function open(): Promise<boolean> {
  const { body } = await request<Session>("/api/v1/sessions", { method: "POST" })
  if (body) save(NAME, body.expiresAt)
  return body !== undefined
}
