import { effect, untracked } from "@preact/signals"
import { render } from "preact"
import { startClock } from "../common/time.ts"
import { startPolling } from "./data/poll.ts"
import { restoreSession, signInState } from "./data/session.ts"
import { Room } from "./panels/room.tsx"
import { SignIn } from "./sign-in.tsx"
import { words } from "./words/words.ts"

const Control = () => (signInState.value.state === "signed_in" ? <Room /> : <SignIn />)

startClock()
effect(() => {
  document.title = words.value.title
})
signInState.subscribe(({ state }) => {
  if (state === "signed_in") untracked(startPolling)
})
render(<Control />, document.getElementById("root")!)
await restoreSession()
