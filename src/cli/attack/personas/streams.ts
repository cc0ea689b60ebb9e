import { connect, type Socket } from "node:net"
import { integer } from "../../format.ts"
import { type Persona, repeat } from "./persona.ts"

/** Above what one address may have anywhere, and below what this process can open. */
const STREAMS_MAX = 4_000
/** It opens connections faster than others send requests, because each lasts. */
const SPEED = 10

/** Opens live streams and keeps them, to use up the connections of everybody. */
export const streams: Persona = {
  async attack(scene) {
    const { target, sale, rate } = scene
    const sockets: Socket[] = []
    let accepted = 0
    let refused = 0
    await repeat({ ...scene, rate: rate * SPEED }, async () => {
      if (sockets.length >= STREAMS_MAX) return
      const socket = connect(target.port, target.host, () => {
        socket.write(`GET /api/v1/sales/${sale.id}/live HTTP/1.1\r\nHost: ${target.authority}\r\n\r\n`)
      })
      sockets.push(socket)
      socket.once("data", bytes => {
        if (bytes.toString("latin1", 0, 12) === "HTTP/1.1 200") accepted++
        else refused++
      })
      socket.on("error", () => {})
    })
    const asked = sockets.length
    for (const socket of sockets) socket.destroy()
    const isUncapped = asked === STREAMS_MAX && accepted === asked
    return {
      did: `${integer(accepted)} of ${integer(asked)} streams were accepted, ${integer(refused)} refused`,
      faults: isUncapped ? [`All of ${integer(asked)} streams from one address were accepted.`] : [],
    }
  },
}
