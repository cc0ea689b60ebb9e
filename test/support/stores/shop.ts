import { expect } from "bun:test"
import type { Answer, Command, Reserve } from "../../../src/core/command.ts"
import type { Fact } from "../../../src/core/fact.ts"
import type { Order } from "../../../src/core/order.ts"
import type { Inventory } from "../../../src/core/ports/inventory.ts"
import type { Item, Millis, NewSale, Sale } from "../../../src/core/sale.ts"
import type { Store } from "./store.ts"
import { Watcher } from "./watcher.ts"

/** The default opening of the tests' sales. */
export const OPENS = Date.UTC(2026, 0, 2, 19)
export const FOREVER = Number.MAX_SAFE_INTEGER
/** More than any test makes. */
const ALL = 1_000_000

export interface Purchase {
  sale?: string
  sku?: string
  quantity?: number
  notAfter?: Millis
}

/** A store and the verbs that the rules use. By default a sale is named `drop` and sells `shoe`. */
export class Shop {
  #now: Millis
  #elapsed: Millis
  #attempts = 0

  constructor(
    readonly store: Store,
    start: Millis,
  ) {
    this.#now = start
    this.#elapsed = start
  }

  get inventory(): Inventory {
    return this.store.inventory
  }

  get now(): Millis {
    return this.#now
  }

  /** Sets the clock to `sinceOpening` milliseconds after the opening. */
  at(sinceOpening: Millis): void {
    const now = OPENS + sinceOpening
    this.#elapsed += Math.max(0, now - this.#now)
    this.#now = now
    this.store.setClock(this.#now)
  }

  /** The elapsed time of the store's process, which `notAfter` is compared with. */
  get elapsed(): Millis {
    return this.#elapsed
  }

  /** Sets the clock forward or back. No time passes. */
  step(ms: Millis): void {
    this.#now += ms
    this.store.stepClock?.(ms)
  }

  /** Lets time pass while the clock runs. */
  pass(ms: Millis): void {
    this.at(this.#now - OPENS + ms)
  }

  /** One call of one command. */
  async decide(command: Command): Promise<Answer> {
    const answers = await this.inventory.decide([command])
    expect(answers).toHaveLength(1)
    return answers[0]!
  }

  batch(...commands: Command[]): Promise<Answer[]> {
    return this.inventory.decide(commands)
  }

  create(terms: Partial<NewSale> & { total?: number } = {}): Promise<Answer> {
    return this.decide({ kind: "create", sale: newSale(terms) })
  }

  attempt(customerId: string, key: string, purchase: Purchase = {}): Reserve {
    const { sale: saleId = "drop", sku = "shoe", quantity = 1, notAfter = FOREVER } = purchase
    const suffix = (this.#attempts++ % 36 ** 4).toString(36).toUpperCase().padStart(4, "0")
    return { kind: "reserve", saleId, sku, customerId, key, quantity, suffix, notAfter }
  }

  reserve(customerId: string, key: string, purchase?: Purchase): Promise<Answer> {
    return this.decide(this.attempt(customerId, key, purchase))
  }

  /** Reserves, expects success and returns the order. */
  async bought(customerId: string, key: string, purchase?: Purchase): Promise<Order> {
    const { outcome, order } = await this.reserve(customerId, key, purchase)
    expect(["confirmed", "held"]).toContain(outcome)
    return order!
  }

  confirm(orderId: string, by?: string): Promise<Answer> {
    return this.decide({ kind: "confirm", orderId, ...(by && { by }) })
  }

  cancel(orderId: string, by?: string): Promise<Answer> {
    return this.decide({ kind: "release", orderId, reason: "cancelled", ...(by && { by }) })
  }

  async sale(saleId = "drop"): Promise<Sale> {
    return (await this.inventory.sales()).find(({ id }) => id === saleId)!
  }

  async item(sku = "shoe", saleId = "drop"): Promise<Item> {
    return (await this.sale(saleId)).items.find(item => item.sku === sku)!
  }

  /** `free 1 held 0 sold 2`. */
  async stock(sku?: string, saleId?: string): Promise<string> {
    const { free, held, sold } = await this.item(sku, saleId)
    return `free ${free} held ${held} sold ${sold}`
  }

  facts(saleId = "drop"): Promise<Fact[]> {
    return this.inventory.facts(saleId, 0, ALL)
  }

  orders(saleId = "drop"): Promise<Order[]> {
    return this.inventory.orders(saleId, 0, ALL)
  }

  watch(): Watcher {
    return new Watcher(this.inventory)
  }

  /** Everything that can be read from the store, to show that a command changed nothing. */
  async everything(): Promise<unknown> {
    const sales = await this.inventory.sales()
    const rest = sales.map(async ({ id }) => [await this.facts(id), await this.orders(id)])
    // For a reader, absent and undefined are the same.
    return JSON.parse(JSON.stringify([sales, await Promise.all(rest)]))
  }
}

export function newSale({ total = 10, ...terms }: Partial<NewSale> & { total?: number } = {}): NewSale {
  return {
    id: "drop",
    name: "Drop",
    description: "",
    opensAt: OPENS,
    checkout: terms.holdSeconds === undefined ? "instant" : "hold",
    limitPerCustomer: 1,
    items: [newItem("shoe", total)],
    ...terms,
  }
}

export function newItem(sku: string, total: number): NewSale["items"][number] {
  return { sku, name: `A ${sku}`, price: { amount: 2_574_900_000, currency: "IDR" }, total }
}
