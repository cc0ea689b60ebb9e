import { computed, signal } from "@preact/signals"
import type { ControlSession, SignInWays } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"

const SESSION = "/api/v1/admin/session"

/** The words with which the company's sign-in comes back. */
const COMPANY_FAILURES = ["no_role", "refused", "down"] as const
type Failure = "wrong_token" | "no_answer" | (typeof COMPANY_FAILURES)[number]

export type SignInState =
  | { state: "checking" }
  | { state: "signed_out" /** Why the last attempt to sign in failed. */; failure?: Failure }
  | { state: "locked" /** When another attempt is allowed, by `performance.now()`. */; until: number }
  | { state: "signed_in"; as: ControlSession | undefined }

/** Whether the administrator is signed in. The session itself is a cookie that no script can read. */
export const signInState = signal<SignInState>({ state: "checking" })

/** Whether whoever is signed in may change anything. What they may not do is not offered to them. */
export const mayChange = computed(() => {
  const now = signInState.value
  return now.state === "signed_in" && now.as?.role !== "viewer"
})

/** Whether the sign-in page offers the company's. */
export const hasCompanySignIn = signal(false)
/** Where a browser goes to sign in with a company account. */
export const COMPANY_SIGN_IN = `${SESSION}/oidc`

/** Signs in with the token in the address, or else with the cookie of an earlier visit if it is still valid. */
export async function restoreSession(): Promise<void> {
  void learnWays()
  const token = tokenFromFragment()
  if (token) return signIn(token)
  const came = failureInAddress()
  const { status, body } = await request<ControlSession>(SESSION)
  if (status === 200) signInState.value = { state: "signed_in", as: body }
  else {
    const failure = status === 0 ? "no_answer" : came
    signInState.value = { state: "signed_out", ...(failure && { failure }) }
  }
}

async function learnWays(): Promise<void> {
  const { status, body } = await request<SignInWays>(`${SESSION}/ways`)
  hasCompanySignIn.value = status === 200 && body?.company === true
}

export async function signIn(token: string): Promise<void> {
  const { status, body, retryAfterMs } = await request<ControlSession>(SESSION, {
    method: "POST",
    json: { token: token.trim() },
  })
  if (status === 201) signInState.value = { state: "signed_in", as: body }
  else if (status === 429) signInState.value = { state: "locked", until: performance.now() + retryAfterMs }
  else {
    const failure = status === 401 || status === 400 ? "wrong_token" : "no_answer"
    signInState.value = { state: "signed_out", failure }
  }
}

export async function signOut(): Promise<void> {
  endSession()
  await request(SESSION, { method: "DELETE" })
}

/** Shows the sign-in page, because the session has ended or the server's secret has changed. */
export function endSession(): void {
  signInState.value = { state: "signed_out" }
}

/** Reads `/control#token=...`. A browser never sends the fragment; it is removed from the address bar and the history. */
function tokenFromFragment(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get("token")?.trim()
  if (token) history.replaceState(null, "", location.pathname + location.search)
  return token || undefined
}

/** Reads `/control?refused=...`, with which the company's sign-in comes back, once. */
function failureInAddress(): Failure | undefined {
  const address = new URL(location.href)
  const said = address.searchParams.get("refused")
  if (said === null) return undefined
  address.searchParams.delete("refused")
  history.replaceState(null, "", address)
  return COMPANY_FAILURES.find(one => one === said)
}
