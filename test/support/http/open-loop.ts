import { connect, type Socket } from "node:net"
import { sleep } from "../../../src/runtime/time.ts"
import { eventually } from "../eventually.ts"

const TICK_MS = 10

/** Sends requests at a steady rate, however fast they are answered: one at a time on each connection, and as many of those as it takes. */
export class OpenLoop {
  /** Answers by status. */
  readonly statuses = new Map<string, number>()
  readonly #idle: Socket[] = []
  readonly #all: Socket[] = []
  #waiting = 0

  constructor(private readonly port: number) {}

  /** Sends every text, `rate` of them a second. Resolves once all are answered. */
  async send(texts: readonly string[], rate: number): Promise<void> {
    const began = performance.now()
    for (let sent = 0; sent < texts.length; ) {
      const due = Math.min(texts.length, Math.ceil(((performance.now() - began) * rate) / 1000))
      for (; sent < due; sent++) this.#send(texts[sent] ?? "")
      await sleep(TICK_MS)
    }
    await eventually("every request is answered", () => this.#waiting === 0)
    for (const socket of this.#all) socket.destroy()
  }

  of(status: number): number {
    return this.statuses.get(String(status)) ?? 0
  }

  #send(text: string): void {
    this.#waiting++
    const idle = this.#idle.pop()
    if (idle) idle.write(text)
    else {
      const socket = connect(this.port, "127.0.0.1", () => socket.write(text))
      this.#all.push(socket)
      socket.on("data", bytes => this.#answered(socket, String(bytes)))
    }
  }

  /** Answers to purchases are small, so the first piece has the status, and no second one begins with one. */
  #answered(socket: Socket, text: string): void {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
    if (status === undefined) return
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    this.#waiting--
    this.#idle.push(socket)
  }
}
