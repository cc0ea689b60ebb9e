import { existsSync, readFileSync } from "node:fs"

/** A replica of the tests: when it starts, it reads how to behave from the file of its node, or else of all nodes. */
const { BEHAVIOUR = "", NODE_ID } = process.env
const ofNode = `${BEHAVIOUR}.${NODE_ID}`
const behaviour = readFileSync(existsSync(ofNode) ? ofNode : BEHAVIOUR, "utf8")
const heartbeat = () => process.send!({ type: "heartbeat", memoryBytes: 1, requests: 0 })

process.on("message", (message: { type: string; id?: number }) => {
  if (message.type === "drain") process.exit(0)
  if (message.id !== undefined) process.send!({ type: "acknowledged", id: message.id })
})
process.on("disconnect", () => {
  if (behaviour !== "deaf") process.exit(1)
})

switch (behaviour) {
  case "well":
    process.send!({ type: "ready" })
    setInterval(heartbeat, 250)
    break
  case "babbles":
    for (const type of ["call", "acknowledged", "failed", "heartbeat", "series", "drain"]) process.send!({ type })
    for (const message of [null, 7, "ready", [], {}, { type: 1 }]) process.send!(message)
    process.send!({ type: "call", id: 1, method: "buy", args: [[1]] })
    process.send!({ type: "call", id: 2, method: "decide", args: [] })
    process.send!({ type: "series", series: [null, { name: "a" }] })
    process.send!({ type: "ready" })
    setInterval(heartbeat, 250)
    break
  case "ends":
    process.exit(7)
    break
  case "fails":
    process.send!({ type: "failed", reason: "the port is taken" })
    process.exit(1)
    break
  case "never ready":
    setInterval(() => {}, 250)
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
