import type { Answer, Command, CommandKey } from "../../../src/core/command.ts"
import type { Fact } from "../../../src/core/fact.ts"
import type { Order } from "../../../src/core/order.ts"
import type { ClockStatus } from "../../../src/core/ports/clock.ts"
import type { Head, Heads, HotInventory } from "../../../src/core/ports/hot-inventory.ts"
import { InventoryFault, type Notice } from "../../../src/core/ports/inventory.ts"
import type { Sale } from "../../../src/core/sale.ts"
import { MemoryInventory } from "../../support/stores/memory-inventory.ts"

interface Gate {
  epoch: number
  isOpen: boolean
  ledgerSeq: number
}

/** The model with gates: what every hot inventory must do, in a process that a test can end, wipe and turn back. */
export class MemoryHot implements HotInventory {
  #model = new MemoryInventory()
  #gates = new Map<string, Gate>()
  #isListOpen = false
  #systemId: string | undefined
  #rebuilding: symbol | undefined
  /** While it is away nothing can be asked. */
  isAway = false
  /** Called before a sale is rebuilt. */
  beforeRebuild: () => Promise<void> = async () => {}
  /** Called before facts are trimmed. It may throw. */
  beforeTrim: () => void = () => {}
  /** Facts of a sale that may wait for the ledger. */
  journalMax = Number.MAX_SAFE_INTEGER

  /** Its process ends and another begins with the same data: every gate is closed. */
  restart(): void {
    this.#isListOpen = false
    for (const gate of this.#gates.values()) gate.isOpen = false
  }

  /** Everything is gone. */
  wipe(): void {
    this.#model = new MemoryInventory()
    this.#gates = new Map()
    this.#systemId = undefined
    this.restart()
  }

  /** As a backup of now would have it; give it to `turnBack`. */
  async backup(): Promise<[Sale, Order[]][]> {
    const sales = await this.#model.sales()
    return Promise.all(sales.map(async sale => [sale, await this.#model.orders(sale.id, 0, 1_000_000)]))
  }

  /** A process begins with what an earlier one had. */
  turnBack(backup: [Sale, Order[]][]): void {
    const gates = this.#gates
    const systemId = this.#systemId
    this.wipe()
    this.#systemId = systemId
    for (const [sale, orders] of backup) {
      this.#model.adopt(sale, orders)
      const { epoch } = gates.get(sale.id)!
      this.#gates.set(sale.id, { epoch, ledgerSeq: sale.seq, isOpen: false })
    }
  }

  /** The store of another system comes in its place. */
  belongTo(systemId: string): void {
    this.#systemId = systemId
  }

  /** What no hot store may do: opens its gates without being compared. */
  openUnseen(): void {
    for (const gate of this.#gates.values()) gate.isOpen = true
  }

  /** What no rule does: a unit of the first item is gone. */
  async loseUnit(saleId: string): Promise<void> {
    const sale = (await this.#model.sales()).find(({ id }) => id === saleId)!
    const [item] = sale.items
    item!.free--
    item!.total--
    this.#model.adopt(sale, await this.#model.orders(saleId, 0, 1_000_000))
  }

  async decide(commands: readonly Command[]): Promise<Answer[]> {
    this.#assertHere()
    const sales = await this.#model.sales()
    const allowed = await Promise.all(commands.map(command => this.#refusal(command, sales)))
    const asked = commands.filter((_, at) => allowed[at] === undefined)
    // A closed gate lets nothing expire either.
    const isAllOpen = [...this.#gates.values()].every(({ isOpen }) => isOpen)
    const answers = isAllOpen || asked.length > 0 ? await this.#model.decide(asked) : []
    for (const { id } of await this.#model.sales()) {
      if (!this.#gates.has(id)) this.#gates.set(id, { epoch: 1, isOpen: true, ledgerSeq: 0 })
    }
    return allowed.map(refused => refused ?? answers.shift()!)
  }

  async sales(): Promise<Sale[]> {
    this.#assertHere()
    return this.#model.sales()
  }

  async order(orderId: string): Promise<Order | undefined> {
    this.#assertHere()
    return this.#model.order(orderId)
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    this.#assertHere()
    return this.#model.orders(saleId, after, limit)
  }

  /** Facts that the ledger has are trimmed at once. */
  clock(): Promise<ClockStatus> {
    return this.#model.clock()
  }

  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    this.#assertHere()
    const ledgerSeq = this.#gates.get(saleId)?.ledgerSeq ?? 0
    return this.#model.facts(saleId, Math.max(after, ledgerSeq), limit)
  }

  watch(listener: (notice: Notice) => void): () => void {
    return this.#model.watch(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#model[Symbol.asyncDispose]()
  }

  async systemId(): Promise<string | undefined> {
    this.#assertHere()
    return this.#systemId
  }

  async claim(systemId: string): Promise<string> {
    this.#assertHere()
    this.#systemId ??= systemId
    return this.#systemId
  }

  async heads(): Promise<Heads> {
    this.#assertHere()
    const sales = (await this.#model.sales()).map(({ id: saleId, number, seq, hash }): Head => {
      return { saleId, number, seq, hash, ...this.#gates.get(saleId)! }
    })
    return { sales, isOpen: this.#isListOpen }
  }

  async trim(saleId: string, seq: number): Promise<void> {
    this.#assertHere()
    this.beforeTrim()
    const gate = this.#gates.get(saleId)
    if (gate) gate.ledgerSeq = Math.max(gate.ledgerSeq, seq)
  }

  async nextEpoch(head: Head): Promise<number> {
    this.#assertHere()
    return head.epoch + 1
  }

  async open(head: Head, epoch: number): Promise<boolean> {
    this.#assertHere()
    const now = (await this.heads()).sales.find(({ saleId }) => saleId === head.saleId)
    if (!now || now.seq !== head.seq || now.hash !== head.hash || now.epoch > epoch) return false
    this.#gates.set(head.saleId, { ...this.#gates.get(head.saleId)!, epoch, isOpen: true })
    return true
  }

  async openList(): Promise<void> {
    this.#assertHere()
    this.#isListOpen = true
  }

  async rebuild(
    sale: Sale,
    epoch: number,
    orders: AsyncIterable<Order[]>,
    commands: readonly CommandKey[],
  ): Promise<void> {
    this.#assertHere()
    await this.beforeRebuild()
    const mine = Symbol("rebuild")
    this.#rebuilding = mine
    const all: Order[] = []
    for await (const piece of orders) all.push(...piece)
    this.#assertHere()
    const gate = this.#gates.get(sale.id)
    if (this.#rebuilding !== mine || (gate && gate.epoch >= epoch))
      throw new InventoryFault("Another rebuilds it.", true)
    this.#model.adopt(sale, all, commands)
    this.#gates.set(sale.id, { epoch, isOpen: false, ledgerSeq: sale.seq })
  }

  #assertHere(): void {
    if (this.isAway) throw new InventoryFault("The store is away.", true)
  }

  async #refusal(command: Command, sales: Sale[]): Promise<Answer | undefined> {
    if (command.kind === "create") return this.#isListOpen ? undefined : { outcome: "reconciling" }
    const saleId = "saleId" in command ? command.saleId : (await this.#model.order(command.orderId))?.saleId
    const gate = saleId === undefined ? undefined : this.#gates.get(saleId)
    if (!gate) return this.#isListOpen ? undefined : { outcome: "reconciling" }
    if (!gate.isOpen) return { outcome: "reconciling" }
    const waiting = sales.find(({ id }) => id === saleId)!.seq - gate.ledgerSeq
    return command.kind === "reserve" && waiting >= this.journalMax ? { outcome: "overloaded" } : undefined
  }
}
