import { expect } from "bun:test"
import type { NewSale } from "../../src/core/sale.ts"
import { PostgresLedger } from "../../src/stores/postgres/ledger.ts"
import { NO_TRACER } from "../../src/watch/tracing.ts"
import { LedgerView } from "../../src/work/ledger-view.ts"
import { Worker } from "../../src/work/worker.ts"
import { eventually } from "../crash/eventually.ts"
import { bookIn, bookOf } from "../ledger/book.ts"
import { Shop } from "../stores/shop.ts"
import type { Cluster } from "../support/postgres.ts"
import { PostgresProxy } from "../support/postgres-proxy.ts"
import { MemoryHot } from "./memory-hot.ts"
import { Notes } from "./notes.ts"

/** A hot store, a ledger behind a proxy, and the workers between them. */
export class Floor {
  readonly notes = new Notes()
  readonly #workers = new Set<Worker>()
  readonly #ledgers = new Set<PostgresLedger>()

  private constructor(
    readonly hot: MemoryHot,
    readonly shop: Shop,
    readonly proxy: PostgresProxy,
    readonly ledger: PostgresLedger,
    private readonly urlOfWorkers: string,
  ) {}

  static async open(cluster: Cluster): Promise<Floor> {
    const database = await cluster.createDatabase()
    const proxy = await PostgresProxy.start(cluster.port)
    const hot = new MemoryHot()
    const shop = new Shop({ inventory: hot, setClock: () => {}, close: () => hot.close() }, Date.now())
    const ledger = new PostgresLedger({ url: cluster.urlAt(cluster.port, database) })
    return new Floor(hot, shop, proxy, ledger, cluster.urlAt(proxy.port, database))
  }

  /** Begins to work, through the proxy. */
  work(firstSale?: NewSale): Worker {
    const ledger = new PostgresLedger({ url: this.urlOfWorkers })
    const worker = new Worker({ inventory: this.hot, ledger, tracer: NO_TRACER, log: this.notes.log, firstSale })
    this.#workers.add(worker)
    this.#ledgers.add(ledger)
    return worker
  }

  async stopWorkers(): Promise<void> {
    await Promise.all([...this.#workers].map(worker => worker.stop()))
    this.#workers.clear()
  }

  /** As replicas see it. */
  get view(): LedgerView {
    return new LedgerView(this.hot, this.ledger)
  }

  /** Waits until the gates are open. */
  async opened(): Promise<void> {
    await eventually("every gate is open", async () => {
      const { sales, isOpen } = await this.hot.heads()
      return isOpen && sales.every(sale => sale.isOpen)
    })
  }

  /** Waits until the ledger has everything, and the store knows it. */
  async drained(saleId = "drop"): Promise<void> {
    await eventually(`${saleId} is drained`, async () => {
      const head = (await this.hot.heads()).sales.find(sale => sale.saleId === saleId)
      return head && head.drained === head.seq
    })
  }

  /** Store and ledger of a drained sale agree on everything. */
  async books(saleId = "drop"): Promise<{ store: unknown; ledger: unknown }> {
    const { facts: _, ...store } = await bookOf(this.shop, saleId)
    const { facts: __, ...ledger } = await bookIn(this.ledger, saleId)
    return { store, ledger }
  }

  /** The ledger has every fact of the store once, and orders and stock to match. */
  async expectAllThere(saleId = "drop"): Promise<void> {
    await this.drained(saleId)
    const { facts, ...rest } = await bookIn(this.ledger, saleId)
    expect(facts).toEqual(JSON.parse(JSON.stringify(await this.hot.everyFact(saleId))))
    expect(rest).toEqual((await this.books(saleId)).store as never)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.cutAll(true)
    await this.stopWorkers()
    await Promise.all([...this.#ledgers, this.ledger].map(ledger => ledger.close()))
    await this.proxy[Symbol.asyncDispose]()
  }
}
