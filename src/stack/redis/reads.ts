import type { Fact } from "../../core/fact.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { FunctionClient } from "./function-client.ts"
import { factsFrom, orderFrom, pick } from "./protocol/record-text.ts"
import type { SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** The most journal entries in one reply. Each holds the facts of one call. */
const ENTRIES_PER_READ = 1000

/** One entry of the journal's stream. Its id is the seq of its last fact. */
type JournalEntry = [id: string, fields: [name: string, facts: string]]

/** Reads orders and facts. */
export class Reads {
  constructor(
    private readonly client: FunctionClient,
    private readonly directory: SaleDirectory,
  ) {}

  async order(orderId: string): Promise<Order | undefined> {
    const parsed = parseOrderId(orderId)
    if (!parsed) return undefined
    const { saleNumber } = parsed
    const sale =
      this.directory.numbered(saleNumber) ?? (await this.directory.find(({ number }) => number === saleNumber))
    if (typeof sale === "string") return undefined
    const seq = String(parsed.seq)
    const [, customerId = "", packed = ""] = await this.client.read("find_order", sale.keys, ["", seq])
    const text = pick(packed, seq)
    const order = text && orderFrom(text, customerId, sale)
    return order && order.id === orderId ? order : undefined
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    const sale = await this.#sale(saleId)
    const found: Order[] = []
    let from = String(after)
    while (sale && found.length < limit) {
      const left = String(limit - found.length)
      const [state, next = "", ...rows] = await this.client.read("list_orders", sale.keys, ["", from, left])
      for (let at = 0; at < rows.length; at += 3) {
        const [seq, customerId, packed] = rows.slice(at, at + 3) as [string, string, string]
        const text = pick(packed, seq)
        if (!text) throw new Error(`The store lacks the order ${seq} of ${saleId}.`)
        found.push(orderFrom(text, customerId, sale))
      }
      if (state === "end") break
      from = next
    }
    return found
  }

  /** Facts that the ledger has may be missing, because the journal is trimmed. */
  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    const sale = await this.#sale(saleId)
    const facts: Fact[] = []
    let from = after
    while (sale && facts.length < limit) {
      const entries = await this.#entries(sale.keys, from, limit - facts.length)
      if (entries.length === 0) break
      for (const [id, [, text]] of entries) {
        for (const fact of factsFrom(text)) {
          if (fact.seq > after && facts.length < limit) facts.push(fact)
        }
        from = Number.parseInt(id, 10)
      }
    }
    return facts
  }

  /** The entries after the fact `after` that hold at most `facts` facts; the next entry alone if it holds more. */
  async #entries({ tag, journal }: SaleSnapshot["keys"], after: number, facts: number): Promise<JournalEntry[]> {
    const read = (end: string, count: number) =>
      this.client.send(tag, "XRANGE", journal, `(${after}-0`, end, "COUNT", String(count)) as Promise<JournalEntry[]>
    const entries = await read(`${after + facts}-0`, ENTRIES_PER_READ)
    return entries.length > 0 ? entries : read("+", 1)
  }

  async #sale(saleId: string): Promise<SaleSnapshot | undefined> {
    const sale = this.directory.sale(saleId) ?? (await this.directory.find(({ id }) => id === saleId))
    return typeof sale === "string" ? undefined : sale
  }
}
