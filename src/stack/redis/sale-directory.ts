import type { Millis } from "../../core/sale.ts"
import { Freshness, LIST_NAME } from "./freshness.ts"
import type { FunctionClient } from "./function-client.ts"
import { type Document, parseHead, type SaleHead } from "./protocol/sale-text.ts"
import { SaleSnapshot } from "./sale-snapshot.ts"

/** `unknown`: no such sale exists. `lost`: it may exist or have existed, and only the ledger can tell. */
export type Absence = "unknown" | "lost"

/** The store's list of sales. */
export interface SaleList {
  /** Whether the list is complete: it has been compared with the ledger's since the store started. */
  isOpen: boolean
  /** A sale whose creation was never finished has a number too, and is not `created`. */
  entries: { id: string; number: number; created: boolean }[]
}

/**
 * The sales that this process knows, each as the store last showed it. Only what the store may have changed since is read again.
 */
export class SaleDirectory {
  readonly freshness: Freshness
  #list: SaleList = { isOpen: false, entries: [] }
  readonly #byId = new Map<string, SaleSnapshot>()
  readonly #byNumber = new Map<number, SaleSnapshot>()

  constructor(
    private readonly client: FunctionClient,
    private readonly leaseMs: number,
    /** Is called after each reply about a sale. */
    private readonly changed: (sale: SaleSnapshot) => void,
  ) {
    this.freshness = new Freshness(client.time)
  }

  sale(saleId: string): SaleSnapshot | undefined {
    return this.#byId.get(saleId)
  }

  numbered(number: number): SaleSnapshot | undefined {
    return this.#byNumber.get(number)
  }

  sales(): SaleSnapshot[] {
    return [...this.#byId.values()]
  }

  /** The sales with a held order whose deadline has passed. */
  due(now: Millis): SaleSnapshot[] {
    return this.sales().filter(sale => sale.isDue(now))
  }

  add(id: string, number: number, head: SaleHead, document: Document): SaleSnapshot {
    const sale = this.#snapshotOf(id, number, head, document)
    sale.isOpen = true
    this.#byId.set(id, sale)
    this.#byNumber.set(number, sale)
    this.changed(sale)
    return sale
  }

  learn(sale: SaleSnapshot, head: SaleHead): void {
    sale.isOpen = true
    sale.learn(head)
    this.changed(sale)
  }

  learnDocument(sale: SaleSnapshot, version: string, document: Document): void {
    sale.learnDocument(version, document)
    this.changed(sale)
  }

  /** Asks the store for a sale that this process does not know. */
  async find(is: (entry: { id: string; number: number }) => boolean): Promise<SaleSnapshot | Absence> {
    const { isOpen, entries } = await this.list()
    const entry = entries.find(is)
    if (!entry) return isOpen ? "unknown" : "lost"
    return (await this.look(entry.id, entry.number)) ?? (entry.created ? "lost" : "unknown")
  }

  /** The list as it was read last. */
  get listed(): SaleList {
    return this.#list
  }

  /** The list as it is now. Afterwards every sale that is fresh is as the store has it now, too. */
  async list(): Promise<SaleList> {
    const samples = this.freshness.samples()
    await Promise.all(samples.map(name => this.#readAgain(name)))
    return this.freshness.isFresh(LIST_NAME) ? this.#list : this.#readList()
  }

  /** The sale as the store has it now, or has had it since `list` was called last. */
  async look(id: string, number: number): Promise<SaleSnapshot | undefined> {
    return this.fresh(id) ?? this.#read(id, number)
  }

  /** The sale, if the store has told of no change since it was read. */
  fresh(id: string): SaleSnapshot | undefined {
    return this.freshness.isFresh(id) ? this.#byId.get(id) : undefined
  }

  /** The store's time when the sale was last known to be as it is here. */
  shownAt(sale: SaleSnapshot): Millis {
    return Math.max(sale.shownAt, this.freshness.proof(sale.id)?.now ?? sale.shownAt)
  }

  /** A read that fails proves nothing, so everything there is read again. */
  async #readAgain(name: string): Promise<void> {
    const known = this.#byId.get(name)
    try {
      if (name === LIST_NAME) await this.#readList()
      else if (known) await this.#read(name, known.number)
    } catch {
      this.freshness.doubt(name)
    }
  }

  async #readList(): Promise<SaleList> {
    const reading = this.freshness.begin(LIST_NAME)
    const { reply, connection } = await this.client.list()
    const [state, ...pairs] = reply
    const entries: SaleList["entries"] = []
    for (let at = 0; at < pairs.length; at += 2) {
      const [id, number] = pairs.slice(at, at + 2) as [string, string]
      entries.push({ id, number: Number.parseInt(number, 10), created: number.endsWith("+") })
    }
    entries.sort((one, other) => one.number - other.number)
    // The gate of the list is no key either.
    if (this.#list.isOpen && state !== "ok") this.freshness.doubt(LIST_NAME)
    this.#list = { isOpen: state === "ok", entries }
    this.freshness.end(reading, connection)
    return this.#list
  }

  /** Reads the sale from the store. Resolves to undefined, and forgets the sale, if the store does not have it. */
  async #read(id: string, number: number): Promise<SaleSnapshot | undefined> {
    const known = this.#byId.get(id)
    const wasOpen = known?.isOpen && this.freshness.isFresh(id)
    const version = known?.document.version ?? ""
    const reading = this.freshness.begin(id)
    const { reply, connection } = await this.client.snapshot(id, version)
    const [state, text = "", , ledgerSeq, now, document] = reply
    if (state === "missing") {
      this.forget(id)
      return undefined
    }
    const head = parseHead(text)
    // While the gate is closed the store may have lost facts, so what this process knew of the sale is no longer valid.
    if (known && state !== "open" && known.isBeyond(head)) {
      this.forget(id)
      return this.#read(id, number)
    }
    // The gates are no keys. One that closed without a change of the sale shows that the functions were loaded anew.
    if (wasOpen && state !== "open" && this.freshness.isFresh(id)) this.freshness.doubt(id)
    const content = document === undefined ? undefined : (JSON.parse(document) as Document)
    const sale = known ?? this.#byId.get(id) ?? this.#snapshotOf(id, number, head, content)
    if (!this.#byId.has(id)) {
      this.#byId.set(id, sale)
      this.#byNumber.set(sale.number, sale)
    }
    sale.isOpen = state === "open"
    sale.ledgerSeq = Number(ledgerSeq)
    sale.shownAt = Number(now)
    sale.learn(head)
    if (content) sale.learnDocument(head.version, content)
    this.freshness.end(reading, connection, sale.shownAt)
    this.changed(sale)
    return sale
  }

  #snapshotOf(id: string, number: number, head: SaleHead, document: Document | undefined): SaleSnapshot {
    if (!document) throw new Error(`The store sent no document of ${id}.`)
    return new SaleSnapshot(id, number, this.leaseMs, head, document, this.client.time)
  }

  forget(id: string): void {
    const sale = this.#byId.get(id)
    if (!sale) return
    this.#byId.delete(id)
    this.#byNumber.delete(sale.number)
    this.freshness.forget(id)
  }
}
