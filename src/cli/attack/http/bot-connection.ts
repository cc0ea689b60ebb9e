import { HttpConnection } from "./connection.ts"
import type { Target } from "./target.ts"

/** A bot's line to the server: at most one connection, opened when needed and used for as long as both ends like. */
export class BotConnection {
  #connection: HttpConnection | undefined

  constructor(
    private readonly address: Target,
    private readonly timeoutMs: number,
  ) {}

  async connect(): Promise<HttpConnection> {
    if (this.#connection?.usable) return this.#connection
    this.#connection = await HttpConnection.open(this.address, this.timeoutMs)
    return this.#connection
  }

  /** The next request goes over a new connection, and so perhaps to another replica. */
  drop(): void {
    this.#connection?.close()
    this.#connection = undefined
  }
}
