import { effect, untracked } from "@preact/signals"
import { render } from "preact"
import { startClock } from "../common/clock.ts"
import { DoorPage } from "./door.tsx"
import { watch } from "./poll.ts"
import { Room } from "./room.tsx"
import { door, knock } from "./session.ts"
import { words } from "./words.ts"

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
