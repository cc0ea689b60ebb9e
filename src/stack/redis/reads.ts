import type { Fact } from "../../core/fact.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { FunctionClient } from "./function-client.ts"
import { factsFrom } from "./protocol/fact-text.ts"
import { orderFrom, pick } from "./protocol/order-text.ts"
import type { SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** Journal entries in one reply: each holds the facts of a call. */
const ENTRIES_PER_READ = 64

/** Its id is the number of its last fact. */
type Entry = [id: string, fields: string[]]

/** What is read of orders and of the journal, without deciding anything. */
export class Reads {
  constructor(
    private readonly caller: FunctionClient,
    private readonly book: SaleDirectory,
  ) {}

  async order(orderId: string): Promise<Order | undefined> {
    const parsed = parseOrderId(orderId)
    if (!parsed) return undefined
    const { saleNumber } = parsed
    const sale = this.book.numbered(saleNumber) ?? (await this.book.find(({ number }) => number === saleNumber))
    if (typeof sale === "string") return undefined
    const seq = String(parsed.seq)
    const [, customerId, packed = ""] = await this.caller.read("find_order", sale.keys, ["", seq])
    const text = pick(packed, seq)
    const order = text && orderFrom(text, customerId!, sale)
    return order && order.id === orderId ? order : undefined
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    const sale = await this.#sale(saleId)
    const found: Order[] = []
    let from = String(after)
    while (sale && found.length < limit) {
      const left = String(limit - found.length)
      const [state, next, ...rows] = await this.caller.read("list_orders", sale.keys, ["", from, left])
      for (let at = 0; at < rows.length; at += 3) {
        const [seq, customerId, packed] = rows.slice(at, at + 3) as [string, string, string]
        found.push(orderFrom(pick(packed, seq)!, customerId, sale))
      }
      if (state === "end") break
      from = next!
    }
    return found
  }

  /** Facts that were drained may be gone. */
  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    const sale = await this.#sale(saleId)
    const facts: Fact[] = []
    let from = after
    while (sale && facts.length < limit) {
      const entries = await this.#entries(sale.keys, from, limit - facts.length)
      if (entries.length === 0) break
      for (const [, fields] of entries) {
        for (const fact of factsFrom(fields[1]!)) {
          if (fact.seq > after && facts.length < limit) facts.push(fact)
        }
      }
      from = Number.parseInt(entries.at(-1)![0], 10)
    }
    return facts
  }

  /** Entries that follow a fact and hold no more than so many others; or the next one, if that one alone holds more. */
  async #entries({ tag, journal }: SaleSnapshot["keys"], after: number, facts: number): Promise<Entry[]> {
    const read = (end: string, count: number) =>
      this.caller.send(tag, "XRANGE", journal, `(${after}-0`, end, "COUNT", String(count)) as Promise<Entry[]>
    const entries = await read(`${after + facts}-0`, ENTRIES_PER_READ)
    return entries.length > 0 ? entries : read("+", 1)
  }

  async #sale(saleId: string): Promise<SaleSnapshot | undefined> {
    const sale = this.book.sale(saleId) ?? (await this.book.find(({ id }) => id === saleId))
    return typeof sale === "string" ? undefined : sale
  }
}
