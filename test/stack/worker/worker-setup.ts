import { expect } from "bun:test"
import type { Head, HotInventory } from "../../../src/core/ports/hot-inventory.ts"
import type { NewSale } from "../../../src/core/sale.ts"
import { NO_TRACER } from "../../../src/observability/tracer.ts"
import { StackInventory } from "../../../src/stack/inventory.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { Worker } from "../../../src/stack/worker/worker.ts"
import { eventually } from "../../support/eventually.ts"
import type { Cluster } from "../../support/postgres.ts"
import { PostgresProxy } from "../../support/postgres-proxy.ts"
import { bookIn, bookOf } from "../../support/stores/book.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { Shop } from "../../support/stores/shop.ts"
import { type Hot, type HotKind, memoryHot } from "./hot-kinds.ts"
import { RecordedLog } from "./recorded-log.ts"

export interface SetupOptions {
  kind?: HotKind
  hot?: Hot
  /** Facts of a sale that may wait for the ledger. */
  journalFactsMax?: number
}

/** A hot store, a ledger behind a proxy, and the workers between them. */
export class WorkerSetup {
  readonly log = new RecordedLog()
  readonly #workers = new Set<Worker>()
  readonly #ledgers = new Set<PostgresLedger>()

  private constructor(
    readonly hot: Hot,
    /** As a replica uses it. */
    readonly inventory: HotInventory,
    readonly shop: Shop,
    readonly proxy: PostgresProxy,
    readonly ledger: PostgresLedger,
    private readonly urlOfWorkers: string,
  ) {}

  static async open(
    cluster: Cluster,
    { kind = memoryHot, hot, journalFactsMax }: SetupOptions = {},
  ): Promise<WorkerSetup> {
    const database = await cluster.createDatabase()
    const proxy = await PostgresProxy.start(cluster.port)
    const opened = hot ?? (await kind.open())
    const inventory = opened.connect(journalFactsMax === undefined ? {} : { journalFactsMax })
    await eventually("the store answers", () => inventory.heads().catch(() => undefined))
    const shop = new Shop({ inventory, setClock: () => {}, close: () => inventory[Symbol.asyncDispose]() }, Date.now())
    const ledger = new PostgresLedger({ url: cluster.urlAt(cluster.port, database) })
    return new WorkerSetup(opened, inventory, shop, proxy, ledger, cluster.urlAt(proxy.port, database))
  }

  /** Starts a worker that reaches the ledger through the proxy. */
  startWorker(firstSale?: NewSale): Worker {
    const ledger = new PostgresLedger({ url: this.urlOfWorkers })
    const inventory = this.hot.connect()
    const worker = new Worker({ inventory, ledger, tracer: NO_TRACER, log: this.log.pino, firstSale })
    worker.start()
    this.#workers.add(worker)
    this.#ledgers.add(ledger)
    return worker
  }

  async stopWorkers(): Promise<void> {
    await Promise.all([...this.#workers].map(worker => worker[Symbol.asyncDispose]()))
    this.#workers.clear()
  }

  /** The inventory of a replica. */
  get view(): StackInventory {
    return new StackInventory(this.inventory, this.ledger)
  }

  async head(saleId = "drop"): Promise<Head | undefined> {
    return (await this.inventory.heads()).sales.find(head => head.saleId === saleId)
  }

  /** Waits until the gates of this many sales, or of all, are open. */
  async gatesOpened(sales?: number): Promise<void> {
    await eventually("every gate is open", async () => {
      const heads = await this.inventory.heads().catch(() => undefined)
      const isComplete = sales === undefined || heads?.sales.length === sales
      return isComplete && heads?.isOpen && heads.sales.every(sale => sale.isOpen)
    })
  }

  /** Waits until the ledger has all facts and the store knows it. */
  async ledgerCaughtUp(saleId = "drop"): Promise<void> {
    await eventually(`${saleId} is in the ledger`, async () => {
      const head = await this.head(saleId).catch(() => undefined)
      return head && head.ledgerSeq === head.seq
    })
  }

  /** What store and ledger have of a sale, without its facts, in a form to compare. */
  async contents(saleId = "drop"): Promise<{ store: unknown; ledger: unknown }> {
    const { facts: _, ...store } = await bookOf(this.shop, saleId)
    const { facts: __, ...ledger } = await bookIn(this.ledger, saleId)
    return { store, ledger }
  }

  /** Expects every fact once in the ledger, orders and stock that match, and no violation from the audit. */
  async expectAllThere(saleId = "drop"): Promise<void> {
    await this.ledgerCaughtUp(saleId)
    const { store, ledger } = await this.contents(saleId)
    expect(ledger).toEqual(store as object)
    const facts = await this.ledger.facts(saleId, 0, 1_000_000)
    expect(facts.map(({ seq }) => seq)).toEqual(Array.from(facts, (_, at) => at + 1))
    expect(facts).toHaveLength((await this.head(saleId))!.seq)
    await expectAudited(this.view, Date.now())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.cutAll(true)
    await this.stopWorkers()
    await Promise.all([...this.#ledgers, this.ledger].map(ledger => ledger[Symbol.asyncDispose]()))
    await this.proxy[Symbol.asyncDispose]()
    await this.hot.end()
  }
}
