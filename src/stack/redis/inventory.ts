import type { Answer, Command } from "../../core/command.ts"
import type { Fact } from "../../core/fact.ts"
import type { Order } from "../../core/order.ts"
import type { Head, Heads, HotInventory } from "../../core/ports/hot-inventory.ts"
import { InventoryFault, type Notice } from "../../core/ports/inventory.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import { openTopology, type Topology } from "./connect/topology.ts"
import { parseUrl } from "./connect/url.ts"
import { Dispatcher } from "./dispatcher.ts"
import { FunctionClient } from "./function-client.ts"
import { tagOf } from "./protocol/keys.ts"
import { type Library, libraryOf } from "./protocol/library.ts"
import { Reads } from "./reads.ts"
import { RedisRecovery } from "./recovery.ts"
import { SaleCommands } from "./sale-commands.ts"
import { SaleDirectory } from "./sale-directory.ts"
import { SalePoller } from "./sale-poller.ts"

/** Facts that the ledger may lack: some 50 MB of journal, and minutes of the busiest sale. */
const JOURNAL_FACTS_MAX = 200_000
/** How long a refusal from memory may be relied on after the store was asked. */
const LEASE_MS = 250

export interface RedisOptions {
  /** `redis://`, `redis+sentinel://` or `redis+cluster://`. */
  url: string
  /** Instead of the one in `url`. */
  password?: string
  journalFactsMax?: number
  /**
   * Replicas of the store that must have a decision before it is answered; 0 where there are none. No setting leads here
   * yet: `openStores` will take it from INVENTORY_URL's settings.
   */
  acknowledgements?: number
  /** The same in every process of a system. */
  leaseMs?: number
  /** Another than this release's: for tests. */
  library?: Library
  /** A test's clock, instead of the store's own. */
  clock?: () => Millis
}

/**
 * An inventory in Redis or Valkey: each call is one function call per sale, decided and journalled in one step. It
 * connects by itself, and again whenever it must; until then calls are refused with a fault that is certain.
 */
export class RedisInventory implements HotInventory {
  readonly #topology: Topology
  readonly #caller: FunctionClient
  readonly #book: SaleDirectory
  readonly #turns: Dispatcher
  readonly #reads: Reads
  readonly #recovery: RedisRecovery
  readonly #watch: SalePoller
  #isClosed = false

  /** Throws one sentence when the URL is none. */
  constructor(options: RedisOptions) {
    const url = parseUrl(options.url)
    const { password = url.password, acknowledgements = 0, leaseMs = LEASE_MS } = options
    const { journalFactsMax = JOURNAL_FACTS_MAX, library = libraryOf(), clock } = options
    const { username, tls } = url
    this.#topology = openTopology(url, { username, password, tls, library, acknowledgements })
    this.#caller = new FunctionClient(this.#topology, { journalFactsMax, acknowledgements, clock })
    this.#watch = new SalePoller(this.#caller, () => this.#book, leaseMs)
    this.#book = new SaleDirectory(this.#caller, leaseMs, sale => this.#watch.heard(sale))
    this.#turns = new Dispatcher(this.#caller, this.#book, new SaleCommands(this.#caller, this.#book))
    this.#reads = new Reads(this.#caller, this.#book)
    this.#recovery = new RedisRecovery(this.#caller, this.#book)
  }

  /** Resolves with the first connection to every master that there is. */
  connected(): Promise<void> {
    return this.#topology.connected()
  }

  /** Why a master cannot be relied on or reached, in one sentence; undefined while all can. */
  get fault(): string | undefined {
    return this.#topology.nodes().find(({ fault }) => fault !== undefined)?.fault
  }

  /** Transitions that would have broken `free + held + sold = total`, and were not made. */
  get violations(): number {
    return this.#caller.violations
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    return this.#isClosed ? Promise.reject(closed()) : this.#turns.take(commands)
  }

  async sales(): Promise<Sale[]> {
    const { entries } = await this.#book.list()
    const known = await Promise.all(entries.map(({ id, number }) => this.#book.look(id, number)))
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

  watch(listener: (notice: Notice) => void): () => void {
    return this.#watch.add(listener)
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

  rebuild(sale: Sale, epoch: number, orders: AsyncIterable<Order[]>): Promise<void> {
    return this.#recovery.rebuild(sale, epoch, orders)
  }

  /** Any command about `key`: for what is no sale, such as the list of nodes. */
  readonly send = (key: string, ...command: string[]): Promise<unknown> =>
    this.#isClosed ? Promise.reject(closed()) : this.#caller.send(tagOf(key), ...command)

  async close(): Promise<void> {
    this.#isClosed = true
    this.#watch.close()
    await this.#turns.settled()
    this.#topology.close()
  }
}

function closed(): InventoryFault {
  return new InventoryFault("The store is closed.", true)
}
