import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { clock } from "../common/clock.ts"
import { Languages } from "../common/language-links.tsx"
import { door, enter } from "./data/session.ts"
import { words } from "./words/words.ts"

/** Asks for the administrator's token, once for a browser and a night. */
export function DoorPage() {
  const say = words.value
  const input = useRef<HTMLInputElement>(null)
  const busy = useSignal(false)
  useEffect(() => input.current?.focus(), [door.value.state === "asking"])
  if (door.value.state === "asking") return <main class="door" aria-busy="true" />
  const submit = async () => {
    const token = input.current?.value.trim()
    if (!token || busy.value) return
    busy.value = true
    await enter(token)
    busy.value = false
    input.current?.select()
  }
  return (
    <main class="door">
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
          {why()}
        </p>
        <button type="submit" class="primary" aria-disabled={busy.value || door.value.state === "locked"}>
          {say.enter}
        </button>
        <Languages label={say.language} />
      </form>
    </main>
  )
}

function why(): string {
  const say = words.value
  const now = door.value
  if (now.state === "locked") {
    // The clock ticks; what is left is counted on this machine's own.
    const left = clock.value && Math.ceil((now.until - performance.now()) / 1000)
    return left > 0 ? say.locked(left) : say.lockedNoMore
  }
  if (now.state !== "shut" || !now.why) return ""
  return now.why === "wrong" ? say.denied : say.noAnswer
}
