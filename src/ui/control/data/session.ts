import { signal } from "@preact/signals"
import { ask } from "../../common/api.ts"

const SESSION = "/api/v1/admin/session"

export type Door =
  | { state: "asking" }
  | { state: "shut" /** Why the last token did not open it. */; why?: "wrong" | "silent" }
  | { state: "locked" /** By `performance.now()`. */; until: number }
  | { state: "open" }

/** Whether the administrator is in. The session itself is a cookie that no script can read. */
export const door = signal<Door>({ state: "asking" })

/** Is the cookie of an earlier visit still good? A token in the address takes its place. */
export async function knock(): Promise<void> {
  const given = fromFragment()
  if (given) return enter(given)
  const { status } = await ask(SESSION)
  door.value = status === 200 ? { state: "open" } : { state: "shut", ...(status === 0 && { why: "silent" }) }
}

export async function enter(token: string): Promise<void> {
  const { status, retryAfterMs } = await ask(SESSION, { method: "POST", json: { token: token.trim() } })
  if (status === 201) door.value = { state: "open" }
  else if (status === 429) door.value = { state: "locked", until: performance.now() + retryAfterMs }
  else door.value = { state: "shut", why: status === 401 || status === 400 ? "wrong" : "silent" }
}

export async function leave(): Promise<void> {
  door.value = { state: "shut" }
  await ask(SESSION, { method: "DELETE" })
}

/** The session has ended, or a secret was changed. */
export function shut(): void {
  door.value = { state: "shut" }
}

/** `/control#token=...`: a fragment never leaves the browser, and it leaves the address bar and the history at once. */
function fromFragment(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("token")?.trim()
  if (given) history.replaceState(null, "", location.pathname + location.search)
  return given || undefined
}
