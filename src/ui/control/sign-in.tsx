import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { LanguageLinks } from "../common/language.tsx"
import { clock } from "../common/time.ts"
import { COMPANY_SIGN_IN, hasCompanySignIn, signIn, signInState } from "./data/session.ts"
import { words } from "./words/words.ts"

/** Asks for the administrator token. The session then lasts for hours in this browser. */
export function SignIn() {
  const say = words.value
  const input = useRef<HTMLInputElement>(null)
  const busy = useSignal(false)
  const checking = signInState.value.state === "checking"
  useEffect(() => input.current?.focus(), [checking])
  if (checking) return <main class="sign-in" aria-busy="true" />
  const submit = async () => {
    const token = input.current?.value.trim()
    if (!token || busy.value) return
    busy.value = true
    await signIn(token)
    busy.value = false
    input.current?.select()
  }
  return (
    <main class="sign-in">
      <form
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        <h1>{say.title}</h1>
        <label for="token">{say.tokenLabel}</label>
        <input
          id="token"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="token-hint denied"
          ref={input}
        />
        <p id="token-hint" class="soft">
          {say.tokenHint}
        </p>
        <p id="denied" class="denied" role="alert">
          {failureText()}
        </p>
        <button type="submit" class="primary" aria-disabled={busy.value}>
          {say.signIn}
        </button>
        {hasCompanySignIn.value && (
          <a class="button company" href={COMPANY_SIGN_IN}>
            {say.companySignIn}
          </a>
        )}
        <LanguageLinks label={say.language} />
      </form>
    </main>
  )
}

function failureText(): string {
  const say = words.value
  const now = signInState.value
  if (now.state === "locked") {
    // Reading the clock makes this run at every tick. The seconds left are counted on the page's monotonic clock.
    const secondsLeft = clock.value && Math.ceil((now.until - performance.now()) / 1000)
    return secondsLeft > 0 ? say.locked(secondsLeft) : say.lockedNoMore
  }
  if (now.state !== "signed_out" || !now.failure) return ""
  return say.signInFailures[now.failure]
}
