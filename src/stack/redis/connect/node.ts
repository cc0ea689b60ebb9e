import { InventoryFault } from "../../../core/ports/inventory.ts"
import { type Address, Connection, type ConnectOptions } from "./connection.ts"

const BACKOFF_MIN_MS = 50
const BACKOFF_MAX_MS = 1000

/** One master of the store, connected anew for as long as it takes. Nothing waits meanwhile: it is refused, for certain. */
export class Node {
  #connection: Connection | undefined
  #fault = new InventoryFault("The store is not connected yet.", true)
  #isClosed = false
  #wake = Promise.withResolvers<void>()
  readonly #first = Promise.withResolvers<void>()

  /** `resolve` says where the master is now. */
  constructor(
    private readonly resolve: () => Promise<Address>,
    private readonly options: ConnectOptions,
  ) {
    this.#stayConnected()
  }

  /** Throws a fault that is certain while there is none. */
  get connection(): Connection {
    if (this.#connection?.isOpen) return this.#connection
    throw this.#fault
  }

  /** Why there is no connection, in one sentence. */
  get fault(): string | undefined {
    return this.#connection?.isOpen ? undefined : this.#fault.message
  }

  /** Resolves with the first connection. */
  connected(): Promise<void> {
    return this.#first.promise
  }

  close(): void {
    this.#isClosed = true
    this.#fault = new InventoryFault("The store is closed.", true)
    this.#connection?.drop("the store is closed")
    this.#wake.resolve()
  }

  async #stayConnected(): Promise<void> {
    let pause = BACKOFF_MIN_MS
    while (!this.#isClosed) {
      try {
        const connection = await Connection.open(await this.resolve(), this.options)
        if (this.#isClosed) return connection.drop("the store is closed")
        this.#connection = connection
        this.#first.resolve()
        pause = BACKOFF_MIN_MS
        await connection.ended
        if (!this.#isClosed) this.#fault = new InventoryFault("The store is away: the connection ended.", true)
      } catch (error) {
        if (!this.#isClosed) this.#fault = new InventoryFault((error as Error).message, true)
        pause = Math.min(pause * 2, BACKOFF_MAX_MS)
      }
      await this.#rest(pause * (0.5 + Math.random() / 2))
    }
  }

  async #rest(millis: number): Promise<void> {
    const timer = setTimeout(() => this.#wake.resolve(), millis)
    await this.#wake.promise
    clearTimeout(timer)
    this.#wake = Promise.withResolvers()
  }
}
