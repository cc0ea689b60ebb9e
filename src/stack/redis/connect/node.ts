import { InventoryFault } from "../../../core/ports/inventory.ts"
import { Backoff, sleep } from "../../../runtime/time.ts"
import type { Address } from "./address.ts"
import { Connection, type ConnectOptions } from "./connection.ts"

const BACKOFF_MIN_MS = 50
const BACKOFF_MAX_MS = 1000

/** Tells which master has which keys. */
export interface Topology {
  /** Begins to connect. */
  start(): void
  /** Throws a certain fault while no master is known to have the keys of this hash tag. */
  node(tag: string): Node
  nodes(): Node[]
  /** Looks up again which master has which keys. Call it when a master replies that another one has them. */
  refresh(): Promise<void>
  /** Resolves once every master is connected. */
  connected(): Promise<void>
  close(): void
}

/**
 * One master of the store. It reconnects until it is closed, with growing pauses. No call waits for that: while there is
 * no connection, calls are refused with a certain fault.
 */
export class Node {
  #connection: Connection | undefined
  #fault = new InventoryFault("The store is not connected yet.", true)
  #isClosed = false
  readonly #closing = new AbortController()
  readonly #first = Promise.withResolvers<void>()

  /** `resolve` finds the master's current address. It is called before each attempt to connect. */
  constructor(
    private readonly resolve: () => Promise<Address>,
    private readonly options: ConnectOptions,
  ) {}

  /** Begins to connect. */
  start(): void {
    void this.#stayConnected()
  }

  /** Throws a certain fault while there is no connection. */
  get connection(): Connection {
    if (this.#connection?.isOpen) return this.#connection
    throw this.#fault
  }

  /** Why there is no connection, in one sentence. */
  get fault(): string | undefined {
    return this.#connection?.isOpen ? undefined : this.#fault.message
  }

  /** Resolves once the first connection is open. */
  connected(): Promise<void> {
    return this.#first.promise
  }

  close(): void {
    this.#isClosed = true
    this.#fault = new InventoryFault("The store is closed.", true)
    this.#connection?.drop("the store is closed")
    this.#closing.abort()
  }

  async #stayConnected(): Promise<void> {
    const backoff = new Backoff({ minMs: BACKOFF_MIN_MS, maxMs: BACKOFF_MAX_MS, jitter: 0.5 })
    while (!this.#isClosed) {
      try {
        const connection = await Connection.open(await this.resolve(), this.options)
        if (this.#isClosed) return connection.drop("the store is closed")
        this.#connection = connection
        this.#first.resolve()
        backoff.reset()
        await connection.ended
        if (!this.#isClosed) this.#fault = new InventoryFault("The store is away: the connection ended.", true)
      } catch (error) {
        if (!this.#isClosed) this.#fault = new InventoryFault((error as Error).message, true)
      }
      await sleep(backoff.next(), this.#closing.signal, this.options.time)
    }
  }
}
