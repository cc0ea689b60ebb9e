import { connect, type Socket } from "node:net"
import { sleep } from "../../../runtime/time.ts"
import { integer } from "../../format.ts"
import type { Persona } from "./persona.ts"

const CONNECTIONS_MAX = 500
const BYTE_EVERY_MS = 500

/** Sends requests a byte at a time, half of them in the head and half in the body, to keep servers waiting. */
export const slow: Persona = {
  async attack({ target, sale, time, signal }) {
    const sockets = new Set<Socket>()
    let ended = 0
    const open = (isBody: boolean): void => {
      const socket = connect(target.port, target.host, () => {
        socket.write(`POST /api/v1/sales/${sale.id}/orders HTTP/1.1\r\nHost: ${target.authority}\r\n`)
        if (isBody) socket.write("Content-Type: application/json\r\nContent-Length: 16000\r\n\r\n")
      })
      sockets.add(socket)
      socket.on("data", () => {})
      socket.on("error", () => {})
      socket.on("close", () => {
        if (sockets.delete(socket) && !signal.aborted) ended++
      })
    }
    while (!signal.aborted) {
      while (sockets.size < CONNECTIONS_MAX) open(sockets.size % 2 === 0)
      for (const socket of sockets) if (socket.writable) socket.write("a")
      await sleep(BYTE_EVERY_MS, signal, time)
    }
    for (const socket of sockets) socket.destroy()
    return {
      did: `${integer(CONNECTIONS_MAX)} slow connections at a time, ${integer(ended)} ended by the server`,
      faults: [],
    }
  },
}
