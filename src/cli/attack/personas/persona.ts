import { sleep, type Time } from "../../../runtime/time.ts"
import type { Item, Sale } from "../../../wire/wire.ts"
import { HttpConnection } from "../http/connection.ts"
import type { HttpResponse } from "../http/response-parser.ts"
import type { Target } from "../http/target.ts"

/** What a persona attacks, and with what means. */
export interface Scene {
  /** Where buyers buy. */
  target: Target
  /** Where operators sign in; the same place unless the system separates them. */
  operators: Target
  sale: Sale
  item: Item
  /** Requests per second, or connections per second, that each persona sends at most. */
  rate: number
  /** The administrator's right token, to see that it still enters. */
  adminToken?: string | undefined
  timeoutMs: number
  time: Time
  /** Ends the attack. */
  signal: AbortSignal
}

/** What an attack did, and what it broke. */
export interface Damage {
  /** In a few words, such as "40 of 2,000 streams were accepted". */
  did: string
  /** One sentence for each thing that must not happen and did. */
  faults: string[]
}

/** One client with one bad intention. */
export interface Persona {
  /** Attacks until `scene.signal` is aborted. */
  attack(scene: Scene): Promise<Damage>
}

/** Calls `send` again and again, at the scene's rate, one call after the other, until the attack ends. Returns how often. */
export async function repeat({ rate, signal, time }: Scene, send: (turn: number) => Promise<unknown>): Promise<number> {
  const started = time.monotonic()
  for (let turn = 0; ; turn++) {
    await sleep(Math.max(0, started + (turn * 1000) / rate - time.monotonic()), signal, time)
    if (signal.aborted) return turn
    await send(turn)
  }
}

/** Sends one request, byte by byte as it is given, over a connection of its own. Undefined if no answer came. */
export async function exchange(
  target: Target,
  text: string,
  { timeoutMs, time }: Pick<Scene, "timeoutMs" | "time">,
): Promise<HttpResponse | undefined> {
  let connection: HttpConnection | undefined
  try {
    connection = await HttpConnection.open(target, timeoutMs, time)
    return await connection.send(text, timeoutMs)
  } catch {
    return undefined
  } finally {
    connection?.close()
  }
}

/** A request with a JSON body. */
export function jsonRequest(
  { authority }: Target,
  method: string,
  path: string,
  body?: object,
  ...headers: string[]
): string {
  const text = body === undefined ? "" : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${authority}`,
    ...headers,
    ...(body === undefined ? [] : ["Content-Type: application/json"]),
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  return `${lines.join("\r\n")}\r\n\r\n${text}`
}

/** A text that nobody has used before. */
export function fresh(): string {
  return crypto.randomUUID()
}
