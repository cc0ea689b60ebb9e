import type { Answer, Command, CommandKey } from "../../../src/core/command.ts"
import { CustomerIndex } from "../../../src/core/customer-index.ts"
import type { Fact, Hash } from "../../../src/core/fact.ts"
import { commandUse } from "../../../src/core/guard.ts"
import { commandKeyOf } from "../../../src/core/once.ts"
import { createdSeq, type Order, parseOrderId } from "../../../src/core/order.ts"
import type { ClockStatus } from "../../../src/core/ports/clock.ts"
import { type Inventory, InventoryFault, type Notice } from "../../../src/core/ports/inventory.ts"
import { type Decide, decide, expire } from "../../../src/core/rules.ts"
import { copyOf, isQuiet, type Millis, RELEASED_ORDERS_MAX, type Sale } from "../../../src/core/sale.ts"
import { StoreClock } from "../../../src/core/store-clock.ts"
import type { Customer, StoreTransaction } from "../../../src/core/store-transaction.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { type Clock, systemTime } from "../../../src/runtime/time.ts"
import { clockAt } from "./clocks.ts"

/** Expired holds that each call releases first. The next call releases more. */
const EXPIRED_PER_CALL_MAX = 1000

interface Shelved {
  sale: Sale
  facts: Fact[]
  orders: Map<number, Order>
  byCustomer: Map<string, Order[]>
  released: number
  uses: Set<string>
  commands: Map<string, string>
}

function emptyShelf(sale: Sale): Shelved {
  const empty = { orders: new Map(), byCustomer: new Map(), released: 0, uses: new Set<string>(), commands: new Map() }
  return { sale, facts: [], ...empty }
}

/** The model: the rules over plain maps. Other stores are compared with it; nothing survives the process. */
export class MemoryInventory implements Inventory {
  readonly #sales = new Map<string, Shelved>()
  readonly #listeners = new Set<(notice: Notice) => void>()
  readonly #transaction = this.#makeShelf()
  readonly #clock: StoreClock
  /** Holds that were made while the clock was ahead, and when they end by their length. */
  readonly #wrongTimed = new Map<string, Millis>()
  #isClosed = false

  readonly #time: Clock

  /** `rules` lets a test plant a bug. */
  constructor(
    clock: Clock | (() => Millis) = systemTime,
    private readonly rules: Decide = decide,
    private readonly hash: Hash = sha1,
    private readonly releasedOrdersMax = RELEASED_ORDERS_MAX,
  ) {
    this.#time = typeof clock === "function" ? clockAt(clock) : clock
    this.#clock = new StoreClock(0, now => this.#clockPutRight(now))
  }

  async decide(commands: readonly Command[]): Promise<Answer[]> {
    if (this.#isClosed) throw new InventoryFault("The store is closed.", true)
    const elapsed = this.#time.monotonic()
    const now = this.#clock.read(this.#time.now(), elapsed, elapsed)
    if (now === undefined) return commands.map(() => ({ outcome: "reconciling" }))
    expire(this.#transaction, now, EXPIRED_PER_CALL_MAX, this.hash)
    const answers = commands.map(command =>
      structuredClone(this.rules(this.#transaction, command, now, this.hash, elapsed)),
    )
    for (const sale of await this.sales()) this.#notify(sale)
    return answers
  }

  async sales(): Promise<Sale[]> {
    return [...this.#sales.values()].map(({ sale }) => copyOf(sale))
  }

  async order(orderId: string): Promise<Order | undefined> {
    const parsed = parseOrderId(orderId)
    const sale = parsed && this.#transaction.saleNumbered(parsed.saleNumber)
    const order = sale && this.#transaction.order(sale, parsed.seq)
    return order?.id === orderId ? structuredClone(order) : undefined
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    const orders = [...(this.#sales.get(saleId)?.orders ?? [])]
    return orders
      .filter(([createdSeq]) => createdSeq > after)
      .slice(0, limit)
      .map(([, order]) => structuredClone(order))
  }

  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    const facts = this.#sales.get(saleId)?.facts ?? []
    const from = after - (facts[0]?.seq ?? 1) + 1
    return structuredClone(facts.slice(Math.max(0, from), Math.max(0, from + limit)))
  }

  /** Adds a sale in its current state, without its facts. */
  adopt(sale: Sale, orders: readonly Order[], commands: readonly CommandKey[] = []): void {
    const byCustomer = Map.groupBy(structuredClone(orders), ({ customerId }) => customerId)
    const byCreation = new Map([...byCustomer.values()].flat().map(order => [createdSeq(order), order]))
    const inOrder = new Map([...byCreation].sort(([one], [other]) => one - other))
    const released = orders.filter(({ state }) => state === "released").length
    const shelved = { ...emptyShelf(sale), sale: copyOf(sale), orders: inOrder, byCustomer, released }
    for (const { key, digest } of commands) {
      shelved.commands.set(key, digest)
      shelved.uses.add(commandUse(key))
    }
    this.#sales.set(sale.id, shelved)
  }

  watch(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const { sale } of this.#sales.values()) listener(this.#noticeOf(sale))
    return () => this.#listeners.delete(listener)
  }

  namesAllUntil(): number {
    return Number.POSITIVE_INFINITY
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#listeners.clear()
  }

  async clock(): Promise<ClockStatus> {
    return this.#clock.status(this.#time.now(), this.#time.monotonic())
  }

  #clockPutRight(now: Millis): void {
    for (const { orders } of this.#sales.values()) {
      for (const { id, state, createdAt, payBefore } of orders.values()) {
        if (state === "held" && createdAt > now) this.#wrongTimed.set(id, now + payBefore! - createdAt)
      }
    }
  }

  #notify(sale: Sale): void {
    for (const listener of this.#listeners) listener(this.#noticeOf(sale))
  }

  #noticeOf(sale: Sale): Notice {
    if (!isQuiet(sale, this.#clock.latest)) return { sale: copyOf(sale) }
    const index = new CustomerIndex()
    for (const customerId of this.#sales.get(sale.id)!.byCustomer.keys()) index.add(customerId, 1)
    return { sale: copyOf(sale), holders: index.holders() }
  }

  #makeShelf(): StoreTransaction {
    const shelved = (sale: Sale) => this.#sales.get(sale.id)!
    const held = (orders: Iterable<Order>) => [...orders].filter(order => order.state === "held")
    const byDeadline = (one: Order, other: Order) => one.payBefore! - other.payBefore!
    return {
      sale: saleId => this.#sales.get(saleId)?.sale,
      saleNumbered: number => [...this.#sales.values()][number - 1]?.sale,
      saleCount: () => this.#sales.size,
      order: (sale, createdSeq) => shelved(sale).orders.get(createdSeq),
      customer: (sale, customerId) => this.#customer(shelved(sale), customerId),
      isFull: sale => shelved(sale).released >= this.releasedOrdersMax,
      firstDeadline: sale => held(shelved(sale).orders.values()).sort(byDeadline)[0]?.payBefore,
      due: (now, limit) =>
        [...this.#sales.values()]
          .flatMap(({ orders }) => held(orders.values()))
          .filter(order => (this.#wrongTimed.get(order.id) ?? order.payBefore!) <= now)
          .sort(byDeadline)
          .slice(0, limit),
      isUsed: (sale, use) => shelved(sale).uses.has(use),
      digestOf: (sale, key) => shelved(sale).commands.get(key),
      use: (sale, use) => {
        shelved(sale).uses.add(use)
      },
      addSale: sale => {
        this.#sales.set(sale.id, emptyShelf(sale))
      },
      write: (sale, fact, _text, order) => this.#write(shelved(sale), fact, order),
    }
  }

  #customer({ byCustomer, facts }: Shelved, customerId: string): Customer | undefined {
    const orders = byCustomer.get(customerId)
    if (!orders) return undefined
    const released = orders.filter(({ state }) => state === "released")
    const standing = orders.filter(({ state }) => state !== "released")
    const last = Math.max(...released.map(({ seq }) => seq))
    return {
      units: standing.reduce((units, { quantity }) => units + quantity, 0),
      releases: released.length,
      releasedAt: facts.find(({ seq }) => seq === last)?.at,
      first: () => standing[0],
      under: key => orders.find(order => order.key === key),
    }
  }

  #write(shelf: Shelved, fact: Fact, order?: Order): void {
    const { facts, orders, byCustomer, commands } = shelf
    facts.push(fact)
    const named = commandKeyOf(fact.data)
    if (named) commands.set(named.key, named.digest)
    if (!order) return
    if (fact.kind === "released") shelf.released++
    orders.set(parseOrderId(order.id)!.seq, order)
    const theirs = byCustomer.get(order.customerId) ?? []
    const known = theirs.findIndex(({ id }) => id === order.id)
    byCustomer.set(order.customerId, known < 0 ? [...theirs, order] : theirs.with(known, order))
  }
}
