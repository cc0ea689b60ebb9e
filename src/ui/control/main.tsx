import { effect, untracked } from "@preact/signals"
import { render } from "preact"
import { startClock } from "../common/clock.ts"
import { watch } from "./data/poll.ts"
import { door, knock } from "./data/session.ts"
import { Room } from "./room.tsx"
import { DoorPage } from "./sign-in.tsx"
import { words } from "./words/words.ts"

const Control = () => (door.value.state === "open" ? <Room /> : <DoorPage />)

startClock()
effect(() => {
  document.title = words.value.title
})
door.subscribe(({ state }) => {
  if (state === "open") untracked(watch)
})
render(<Control />, document.getElementById("root")!)
await knock()
