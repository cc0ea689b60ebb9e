import type { Socket } from "bun"

/** Calls on their way at once: the server never waits for this process. */
const CALLS_AT_ONCE = 4
const CR = 13
const LF = 10

/** The bytes of a command. */
export function encode(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map(arg => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`
}

/** A bare connection that counts replies and reads the first of each kind: a client's own work would be measured too. */
export class Wire {
  #buffer: Buffer = Buffer.alloc(0)
  #waiting: ((reply: string) => void)[] = []
  #socket!: Socket

  static async connect(port: number): Promise<Wire> {
    const wire = new Wire()
    wire.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, bytes) => wire.#read(bytes),
        drain: () => wire.#flush(),
      },
    })
    return wire
  }

  #unsent: Buffer[] = []

  send(command: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.#waiting.push(resolve)
    this.#unsent.push(Buffer.from(command))
    this.#flush()
    return promise
  }

  command(...args: string[]): Promise<string> {
    return this.send(encode(args))
  }

  /** Sends everything, a few at once; resolves with the seconds that it took and the replies. */
  async run(commands: readonly string[]): Promise<{ seconds: number; replies: string[] }> {
    const replies: string[] = new Array(commands.length)
    const started = performance.now()
    let next = 0
    const worker = async () => {
      while (next < commands.length) {
        const at = next++
        replies[at] = await this.send(commands[at]!)
      }
    }
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker))
    return { seconds: (performance.now() - started) / 1000, replies }
  }

  /** Sends texts of `size` commands each; resolves with the seconds that it took. */
  async pipeline(texts: readonly string[], size: number): Promise<number> {
    const started = performance.now()
    let next = 0
    const worker = async () => {
      while (next < texts.length) {
        const text = texts[next++]!
        const replies = Array.from({ length: size - 1 }, () => Promise.withResolvers<string>())
        for (const { resolve } of replies) this.#waiting.push(resolve)
        await this.send(text)
      }
    }
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker))
    return (performance.now() - started) / 1000
  }

  close(): void {
    this.#socket.end()
  }

  #flush(): void {
    while (this.#unsent.length > 0) {
      const bytes = this.#unsent[0]!
      const written = this.#socket.write(bytes)
      if (written < bytes.length) {
        this.#unsent[0] = bytes.subarray(written)
        return
      }
      this.#unsent.shift()
    }
  }

  #read(bytes: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#buffer, bytes])
    for (;;) {
      const end = endOf(this.#buffer, 0)
      if (end < 0) return
      const reply = this.#buffer.subarray(0, end).toString()
      this.#buffer = this.#buffer.subarray(end)
      this.#waiting.shift()!(reply)
    }
  }
}

/** Where the reply that begins at `at` ends; -1 while it has not come whole. */
function endOf(bytes: Buffer, at: number): number {
  const line = lineEnd(bytes, at)
  if (line < 0) return -1
  const kind = bytes[at]
  const size = () => Number(bytes.toString("latin1", at + 1, line - 2))
  if (kind === 36) {
    const length = size()
    if (length < 0) return line
    return bytes.length >= line + length + 2 ? line + length + 2 : -1
  }
  if (kind !== 42) return line
  let end = line
  for (let left = size(); left > 0; left--) {
    end = endOf(bytes, end)
    if (end < 0) return -1
  }
  return end
}

function lineEnd(bytes: Buffer, at: number): number {
  for (let index = at; index + 1 < bytes.length; index++) {
    if (bytes[index] === CR && bytes[index + 1] === LF) return index + 2
  }
  return -1
}
