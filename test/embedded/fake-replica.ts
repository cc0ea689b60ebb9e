import { readFileSync } from "node:fs"

/** A replica of the tests: it does what the first word of the file `BEHAVIOUR` says when it starts. */
const behaviour = readFileSync(process.env.BEHAVIOUR!, "utf8")
const beat = () => process.send!({ type: "beat", memoryBytes: 1, requests: 0 })

process.on("message", (message: { type: string; id?: number }) => {
  if (message.type === "drain") process.exit(0)
  if (message.id !== undefined) process.send!({ type: "seen", id: message.id })
})
process.on("disconnect", () => {
  if (behaviour !== "deaf") process.exit(1)
})

switch (behaviour) {
  case "well":
    process.send!({ type: "ready" })
    setInterval(beat, 250)
    break
  case "ends":
    process.exit(7)
    break
  case "ready, then ends":
    process.send!({ type: "ready" })
    process.exit(7)
    break
  case "mute":
    process.send!({ type: "ready" })
    setInterval(() => {}, 250)
    break
  case "deaf":
    process.send!({ type: "ready" })
    process.disconnect!()
    setInterval(() => {}, 250)
}
