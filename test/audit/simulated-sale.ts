import type { HistoryLine } from "../../src/audit/history.ts"
import type { Answer, Command } from "../../src/core/command.ts"
import type { Fact } from "../../src/core/fact.ts"
import type { Order } from "../../src/core/order.ts"
import { isSuccess } from "../../src/core/outcome.ts"
import { type Decide, decide } from "../../src/core/rules.ts"
import { type Sale, stateOf } from "../../src/core/sale.ts"
import * as wire from "../../src/wire/wire.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"

export const OPENS_AT = Date.parse("2026-01-02T19:00:00Z")
export const SALE_ID = "drop"

/** Everything that an audit reads. */
export interface Evidence {
  sale: wire.Sale & { hash?: string | undefined }
  facts: wire.Fact[]
  orders: wire.Order[]
  history: HistoryLine[]
}

export interface Buy {
  customer: string
  key: string
  sku?: string
  quantity?: number
}

type Ending = "answered" | "lost" | "shed"

/** A sale in a store in memory, with the history that the bots would record. */
export class SimulatedSale {
  now = OPENS_AT
  readonly history: HistoryLine[] = []
  readonly inventory: MemoryInventory
  #micros = 1_000
  #op = 0

  private constructor(rules: Decide) {
    this.inventory = new MemoryInventory(() => this.now, rules)
  }

  static async open(
    sale: Partial<Extract<Command, { kind: "create" }>["sale"]> = {},
    rules: Decide = decide,
  ): Promise<SimulatedSale> {
    const simulated = new SimulatedSale(rules)
    const price = { amount: 100, currency: "IDR" }
    const items = [{ sku: "shoe", name: "Shoe", price, total: 10 }]
    const terms = { id: SALE_ID, name: "Drop", description: "", opensAt: OPENS_AT, limitPerCustomer: 1, items }
    await simulated.decide({ kind: "create", sale: { ...terms, checkout: "instant", ...sale } })
    return simulated
  }

  async decide(...commands: Command[]): Promise<Answer[]> {
    return this.inventory.decide(commands)
  }

  /** Sends these requests concurrently. Each is answered, loses its answer, or is shed before it reaches the store. */
  async buy(requests: Buy[], ending: (index: number) => Ending = () => "answered"): Promise<Answer[]> {
    const sent = requests.map(request => ({ request, op: ++this.#op }))
    for (const { request, op } of sent) {
      const { customer, key, sku = "shoe", quantity = 1 } = request
      this.history.push({ type: "invoke", op, t: this.#tick(), sale: SALE_ID, customer, key, sku, quantity })
    }
    const reaching = sent.filter((_, index) => ending(index) !== "shed")
    const answers = await this.decide(...reaching.map(({ request }) => this.#command(request)))
    for (const [index, { op }] of sent.entries()) {
      const how = ending(index)
      const at = reaching.findIndex(other => other.op === op)
      if (how === "answered") this.history.push(reply(op, this.#tick(), answers[at]!))
      else if (how === "lost") this.history.push({ type: "info", op, t: this.#tick(), status: 0 })
      else this.history.push({ type: "fail", op, t: this.#tick(), status: 503, code: "overloaded" })
    }
    return answers
  }

  async evidence(): Promise<Evidence> {
    const [sale] = await this.inventory.sales()
    const facts = await this.inventory.facts(SALE_ID, 0, 1_000_000)
    const orders = await this.inventory.orders(SALE_ID, 0, 1_000_000)
    return {
      sale: { ...toldSale(sale!, this.now), hash: sale!.hash },
      facts: facts.map(toldFact),
      orders: orders.map(toldOrder),
      history: this.history,
    }
  }

  #command({ customer, key, sku = "shoe", quantity = 1 }: Buy): Command {
    const suffix = String(1000 + (this.#op % 9000))
    const notAfter = Number.MAX_SAFE_INTEGER
    return { kind: "reserve", saleId: SALE_ID, customerId: customer, key, sku, quantity, suffix, notAfter }
  }

  #tick(): number {
    this.#micros += 137
    return this.#micros
  }
}

function reply(op: number, t: number, { outcome, seq, order, replayed }: Answer): HistoryLine {
  if (!order || !isSuccess(outcome)) return { type: "fail", op, t, status: 409, code: outcome, seq, node: "node-1" }
  const { id, state } = order
  return { type: "ok", op, t, status: replayed ? 200 : 201, code: state, orderId: id, state, seq: order.seq, replayed }
}

/** Encodes and decodes, so that the audit reads what a client reads. */
function toldFact(fact: Fact): wire.Fact {
  return wire.Fact.parse(JSON.parse(JSON.stringify(fact)))
}

function toldOrder({ key: _, createdAt, payBefore, ...order }: Order): wire.Order {
  return wire.Order.parse({ ...order, createdAt: iso(createdAt), ...(payBefore && { payBefore: iso(payBefore) }) })
}

function toldSale(
  { number: _, standing, at: __, hash: ___, opensAt, closesAt, ...sale }: Sale,
  now: number,
): wire.Sale {
  const state = stateOf({ standing, opensAt, ...(closesAt && { closesAt }) }, now)
  const window = { opensAt: iso(opensAt), ...(closesAt && { closesAt: iso(closesAt) }) }
  return wire.Sale.parse(JSON.parse(JSON.stringify({ ...sale, ...window, state, now: iso(now) })))
}

function iso(millis: number): string {
  return new Date(millis).toISOString()
}
