import type { Millis } from "../../core/sale.ts"
import type { FunctionClient } from "./function-client.ts"
import { LIST } from "./protocol/keys.ts"
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

/** The sales that this process knows, each as the store last showed it. */
export class SaleDirectory {
  readonly #byId = new Map<string, SaleSnapshot>()
  readonly #byNumber = new Map<number, SaleSnapshot>()

  constructor(
    private readonly client: FunctionClient,
    private readonly leaseMs: number,
    /** Is called after each reply about a sale. */
    private readonly changed: (sale: SaleSnapshot) => void,
  ) {}

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

  async list(): Promise<SaleList> {
    const [state, ...pairs] = await this.client.read("list_sales", LIST, [""])
    const entries: SaleList["entries"] = []
    for (let at = 0; at < pairs.length; at += 2) {
      const [id, number] = pairs.slice(at, at + 2) as [string, string]
      entries.push({ id, number: Number.parseInt(number, 10), created: number.endsWith("+") })
    }
    entries.sort((one, other) => one.number - other.number)
    return { isOpen: state === "ok", entries }
  }

  /** Reads the sale from the store. Resolves to undefined, and forgets the sale, if the store does not have it. */
  async look(id: string, number: number): Promise<SaleSnapshot | undefined> {
    const known = this.#byId.get(id)
    const version = known?.document.version ?? ""
    const [state, text = "", , ledgerSeq, now, document] = await this.client.snapshot(id, version)
    if (state === "missing") {
      this.forget(id)
      return undefined
    }
    const head = parseHead(text)
    // While the gate is closed the store may have lost facts, so what this process knew of the sale is no longer valid.
    if (known && state !== "open" && known.isBeyond(head)) {
      this.forget(id)
      return this.look(id, number)
    }
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
  }
}
