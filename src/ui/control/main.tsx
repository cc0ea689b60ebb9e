import { effect, untracked } from "@preact/signals"
import { render } from "preact"
import { startClock } from "../common/clock.ts"
import { Door } from "./door.tsx"
import { watch } from "./poll.ts"
import { Room } from "./room.tsx"
import { token } from "./token.ts"
import { words } from "./words.ts"

const Control = () => (token.value ? <Room /> : <Door />)

startClock()
effect(() => {
  document.title = words.value.title
})
token.subscribe(given => {
  if (given) untracked(watch)
})
render(<Control />, document.getElementById("root")!)
