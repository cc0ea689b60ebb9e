import { Connection } from "./connection.ts"
import type { Address } from "./target.ts"

/** A bot's line to the server: at most one connection, opened when needed and used for as long as both ends like. */
export class Line {
  #connection: Connection | undefined

  constructor(
    private readonly address: Address,
    private readonly timeoutMs: number,
  ) {}

  async connect(): Promise<Connection> {
    if (this.#connection?.usable) return this.#connection
    this.#connection = await Connection.open(this.address, this.timeoutMs)
    return this.#connection
  }

  /** The next request goes over a new connection, and so perhaps to another replica. */
  drop(): void {
    this.#connection?.close()
    this.#connection = undefined
  }
}
