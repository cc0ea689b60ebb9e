import type { Answer, Command, CommandKey } from "../../core/command.ts"
import type { Fact } from "../../core/fact.ts"
import type { Order } from "../../core/order.ts"
import type { ClockStatus } from "../../core/ports/clock.ts"
import type { Head, Heads, HotInventory } from "../../core/ports/hot-inventory.ts"
import { InventoryFault, type Notice } from "../../core/ports/inventory.ts"
import { type Millis, RELEASED_ORDERS_MAX, type Sale } from "../../core/sale.ts"
import { type Clock, sleep, systemTime, type Time } from "../../runtime/time.ts"
import type { Topology } from "./connect/node.ts"
import { parseUrl, topologyOf } from "./connect/topology.ts"
import { Dispatcher } from "./dispatcher.ts"
import { FunctionClient } from "./function-client.ts"
import { SYSTEM, tagOf } from "./protocol/keys.ts"
import { type Library, libraryOf } from "./protocol/library.ts"
import { Reads } from "./reads.ts"
import { RedisRecovery } from "./recovery.ts"
import { SaleCommands } from "./sale-commands.ts"
import { SaleDirectory } from "./sale-directory.ts"
import { MARGIN_MS } from "./sale-snapshot.ts"
import { SaleWatch } from "./sale-watch.ts"

/** The most facts that the ledger may lack: about 50 MB of journal, and minutes of the busiest sale. */
const JOURNAL_FACTS_MAX = 200_000
/** How long a replica may refuse from memory after it last read the sale from the store. */
const LEASE_MS = 250

export interface RedisOptions {
  /** `redis://`, `redis+sentinel://` or `redis+cluster://`. */
  url: string
  /** Overrides the password in `url`. */
  password?: string
  /** The authorities of the server's certificate, in PEM, instead of the system's. */
  ca?: string
  journalFactsMax?: number
  releasedOrdersMax?: number
  /**
   * How many replicas of the store must acknowledge a decision before it is answered; 0 if it has none. No setting sets
   * this yet: `openStores` will take it from INVENTORY_URL's settings.
   */
  acknowledgements?: number
  /** How long a replica may refuse from memory. It must be the same in every process of a system. */
  leaseMs?: number
  /** A test's functions, instead of this release's. */
  library?: Library
  /** A test's clock, instead of the store's own. Its elapsed time is that of this process, too. */
  clock?: Clock
  /** This process's clock and timers. */
  time?: Time
}

/**
 * The inventory of a stack, in Redis or Valkey. Each batch is one function call per sale, which decides and journals it
 * atomically. Once started it connects, and reconnects by itself; while it is not connected, calls reject with a certain
 * `InventoryFault`.
 */
export class RedisInventory implements HotInventory {
  readonly #topology: Topology
  readonly #client: FunctionClient
  readonly #directory: SaleDirectory
  readonly #dispatcher: Dispatcher
  readonly #reads: Reads
  readonly #recovery: RedisRecovery
  readonly #saleWatch: SaleWatch
  readonly #leaseMs: number
  #isClosed = false

  /** Connects to nothing yet: call `start`. Throws an `InventoryFault` if the URL cannot be read. */
  constructor(options: RedisOptions) {
    const url = parseUrl(options.url)
    const { password, acknowledgements = 0, leaseMs = LEASE_MS } = options
    const { journalFactsMax = JOURNAL_FACTS_MAX, releasedOrdersMax = RELEASED_ORDERS_MAX } = options
    const { library = libraryOf(), clock, time = systemTime } = options
    const credentials = { ...url.credentials, ...(password !== undefined && { password }) }
    this.#leaseMs = leaseMs
    this.#topology = topologyOf(url, {
      credentials,
      tls: url.tls && { ca: options.ca },
      library,
      acknowledgements,
      time,
    })
    const client = { journalFactsMax, releasedOrdersMax, acknowledgements, clock, time }
    this.#client = new FunctionClient(this.#topology, client)
    this.#saleWatch = new SaleWatch(this.#client, () => this.#directory, leaseMs)
    this.#directory = new SaleDirectory(this.#client, leaseMs, sale => this.#saleWatch.changed(sale))
    this.#dispatcher = new Dispatcher(this.#client, this.#directory, new SaleCommands(this.#client, this.#directory))
    this.#reads = new Reads(this.#client, this.#directory)
    this.#recovery = new RedisRecovery(this.#client, this.#directory)
  }

  /** Begins to connect. */
  start(): void {
    this.#topology.start()
  }

  /** Resolves once every master is connected. */
  connected(): Promise<void> {
    return this.#topology.connected()
  }

  /** Why a master cannot be used, in one sentence; undefined while all can. */
  get fault(): string | undefined {
    return this.#topology.nodes().find(({ fault }) => fault !== undefined)?.fault
  }

  /** How many transitions would have broken `free + held + sold = total`. The store applied none of them. */
  get violations(): number {
    return this.#client.violations
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    return this.#isClosed ? Promise.reject(closed()) : this.#dispatcher.dispatch(commands)
  }

  async sales(): Promise<Sale[]> {
    const { entries } = await this.#directory.list()
    const known = await Promise.all(entries.map(({ id, number }) => this.#directory.look(id, number)))
    return known.flatMap(sale => sale?.sale ?? [])
  }

  order(orderId: string): Promise<Order | undefined> {
    return this.#reads.order(orderId)
  }

  orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    return this.#reads.orders(saleId, after, limit)
  }

  facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    return this.#reads.facts(saleId, after, limit)
  }

  /** By then every other process has read the sale again, or knows that its last read is older than a lease. */
  async shown(): Promise<void> {
    await sleep(this.#leaseMs + MARGIN_MS, undefined, this.#client.time)
  }

  onNews(listener: () => void): () => void {
    return this.#directory.freshness.onNews(listener)
  }

  refreshed(): Promise<void> {
    return this.#saleWatch.refreshed()
  }

  watch(listener: (notice: Notice) => void): () => void {
    return this.#saleWatch.add(listener)
  }

  namesAllUntil(): number {
    return this.#saleWatch.namesAllUntil
  }

  async systemId(): Promise<string | undefined> {
    return ((await this.send(SYSTEM, "GET", SYSTEM)) as string | null) ?? undefined
  }

  async claim(systemId: string): Promise<string> {
    await this.send(SYSTEM, "SET", SYSTEM, systemId, "NX")
    return (await this.systemId()) ?? systemId
  }

  async clock(): Promise<ClockStatus> {
    return this.#client.clock()
  }

  /** The store's time, as this process knows it. */
  now(): Millis {
    return this.#client.now()
  }

  heads(): Promise<Heads> {
    return this.#recovery.heads()
  }

  trim(saleId: string, seq: number): Promise<void> {
    return this.#recovery.trim(saleId, seq)
  }

  nextEpoch(head: Head): Promise<number> {
    return this.#recovery.nextEpoch(head)
  }

  open(head: Head, epoch: number): Promise<boolean> {
    return this.#recovery.open(head, epoch)
  }

  openList(): Promise<void> {
    return this.#recovery.openList()
  }

  rebuild(sale: Sale, epoch: number, orders: AsyncIterable<Order[]>, commands: readonly CommandKey[]): Promise<void> {
    return this.#recovery.rebuild(sale, epoch, orders, commands)
  }

  /** Sends any command about `key`, for data other than sales, such as the list of nodes. */
  readonly send = (key: string, ...command: string[]): Promise<unknown> =>
    this.#isClosed ? Promise.reject(closed()) : this.#client.send(tagOf(key), ...command)

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#saleWatch.close()
    this.#directory.freshness.close()
    await this.#dispatcher.settled()
    this.#topology.close()
    await this.#saleWatch.ended
  }
}

function closed(): InventoryFault {
  return new InventoryFault("The store is closed.", true)
}
