import { useRef } from "preact/hooks"
import { Languages } from "../common/languages.tsx"
import { denied, enter } from "./token.ts"
import { words } from "./words.ts"

/** Asks for the administrator's token, once per tab. */
export function Door() {
  const say = words.value
  const input = useRef<HTMLInputElement>(null)
  return (
    <main class="door">
      <form
        onSubmit={event => {
          event.preventDefault()
          if (input.current?.value) enter(input.current.value)
        }}
      >
        <h1>{say.title}</h1>
        <label for="token">{say.tokenLabel}</label>
        <input id="token" type="password" autocomplete="off" required aria-describedby="token-hint" ref={input} />
        <p id="token-hint" class="soft">
          {say.tokenHint}
        </p>
        <p class="denied" role="alert">
          {denied.value && say.denied}
        </p>
        <button type="submit">{say.enter}</button>
        <Languages label={say.language} />
      </form>
    </main>
  )
}
