import { readFileSync } from "node:fs"
import { connect } from "node:net"
import type { System } from "./system.ts"
import { tokenOf } from "./token.ts"

const BODY = JSON.stringify({ sku: "shoes" })

/** A customer whose purchase has arrived except for its body. The sale is `shoes`. */
export class SlowBuyer {
  readonly answer: Promise<string>
  readonly #socket

  constructor({ port }: System, customer: string) {
    this.#socket = connect(port, "127.0.0.1")
    this.#socket.write(
      `POST /api/v1/sales/shoes/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf(customer)}\r\n` +
        `Idempotency-Key: ${customer}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`,
    )
    this.answer = this.#read()
  }

  /** Whether a replica has accepted the connection and read what was sent. */
  get hasArrived(): boolean {
    const hex = (this.#socket.localPort ?? 0).toString(16).toUpperCase().padStart(4, "0")
    // Columns: local address, remote address, state (01 is established), bytes to send and to read.
    const accepted = new RegExp(`: [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{8}:${hex} 01 00000000:00000000 `)
    return accepted.test(readFileSync("/proc/net/tcp", "utf8"))
  }

  finish(): Promise<string> {
    this.#socket.write(BODY)
    return this.answer
  }

  async #read(): Promise<string> {
    let text = ""
    for await (const bytes of this.#socket) {
      text += bytes
      if (text.includes("}")) break
    }
    return text
  }
}
