import type { Millis } from "../../core/sale.ts"
import type { FunctionClient } from "./function-client.ts"
import { keysOf, LIST } from "./protocol/keys.ts"
import { type Document, parseHead, type SaleHead } from "./protocol/sale-text.ts"
import { SaleSnapshot } from "./sale-snapshot.ts"

/** `unknown`: there is no such sale. `lost`: there may be, or have been, one; only the ledger can tell. */
export type Absence = "unknown" | "lost"

export interface List {
  isOpen: boolean
  /** Sale -> number. A sale whose creation was never finished has one too, and is not `created`. */
  entries: { id: string; number: number; created: boolean }[]
}

/** The sales that this process has heard of. */
export class SaleDirectory {
  readonly #byId = new Map<string, SaleSnapshot>()
  readonly #byNumber = new Map<number, SaleSnapshot>()

  constructor(
    private readonly caller: FunctionClient,
    private readonly leaseMs: number,
    /** Told after each reply about a sale. */
    private readonly heard: (sale: SaleSnapshot) => void,
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

  due(now: Millis): SaleSnapshot[] {
    return this.sales().filter(sale => sale.isDue(now))
  }

  add(id: string, number: number, head: SaleHead, document: Document): SaleSnapshot {
    const sale = new SaleSnapshot(id, number, this.leaseMs, head, document)
    sale.isOpen = true
    this.#byId.set(id, sale)
    this.#byNumber.set(number, sale)
    this.heard(sale)
    return sale
  }

  learn(sale: SaleSnapshot, head: SaleHead): void {
    sale.isOpen = true
    sale.learn(head)
    this.heard(sale)
  }

  learnDocument(sale: SaleSnapshot, version: string, document: Document): void {
    sale.learnDocument(version, document)
    this.heard(sale)
  }

  /** Asks for a sale that is not known here. */
  async find(is: (entry: { id: string; number: number }) => boolean): Promise<SaleSnapshot | Absence> {
    const { isOpen, entries } = await this.list()
    const entry = entries.find(is)
    if (!entry) return isOpen ? "unknown" : "lost"
    return (await this.look(entry.id, entry.number)) ?? (entry.created ? "lost" : "unknown")
  }

  async list(): Promise<List> {
    const [state, ...pairs] = await this.caller.read("list_sales", LIST, [""])
    const entries: List["entries"] = []
    for (let at = 0; at < pairs.length; at += 2) {
      const number = pairs[at + 1]!
      entries.push({ id: pairs[at]!, number: Number.parseInt(number, 10), created: number.endsWith("+") })
    }
    entries.sort((one, other) => one.number - other.number)
    return { isOpen: state === "ok", entries }
  }

  /** Reads the sale as it is now; undefined, and forgotten here, if the store does not have it. */
  async look(id: string, number: number): Promise<SaleSnapshot | undefined> {
    const known = this.#byId.get(id)
    const [state, text = "", , drained, document] = await this.caller.read("snapshot", keysOf(id), [
      "",
      id,
      known?.document.version ?? "",
    ])
    if (state === "missing") {
      this.forget(id)
      return undefined
    }
    const head = parseHead(text)
    // Behind a closed gate there may be a store that was turned back: what was heard before counts no more.
    if (known && state !== "open" && known.isBeyond(head)) {
      this.forget(id)
      return this.look(id, number)
    }
    const content = document === undefined ? undefined : (JSON.parse(document) as Document)
    const sale = known ?? this.#byId.get(id) ?? new SaleSnapshot(id, number, this.leaseMs, head, content!)
    if (!this.#byId.has(id)) {
      this.#byId.set(id, sale)
      this.#byNumber.set(sale.number, sale)
    }
    sale.isOpen = state === "open"
    sale.drained = Number(drained)
    sale.learn(head)
    if (content) sale.learnDocument(head.version, content)
    this.heard(sale)
    return sale
  }

  forget(id: string): void {
    const sale = this.#byId.get(id)
    if (!sale) return
    this.#byId.delete(id)
    this.#byNumber.delete(sale.number)
  }
}
