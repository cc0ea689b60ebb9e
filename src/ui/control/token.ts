import { signal } from "@preact/signals"

const NAME = "doorbuster:admin-token"

/** The administrator's token: kept as long as the tab lives, and only in it. */
export const token = signal(fromFragment() ?? sessionStorage.getItem(NAME) ?? "")
export const denied = signal(false)

export function enter(value: string): void {
  denied.value = false
  token.value = value.trim()
  sessionStorage.setItem(NAME, token.value)
}

export function leave(wasDenied: boolean): void {
  denied.value = wasDenied
  token.value = ""
  sessionStorage.removeItem(NAME)
}

/** `/control#token=...`: a fragment never leaves the browser, and it leaves the address bar and the history at once. */
function fromFragment(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("token")?.trim()
  if (!given) return undefined
  sessionStorage.setItem(NAME, given)
  history.replaceState(null, "", location.pathname + location.search)
  return given
}
