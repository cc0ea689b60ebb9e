import type { Answer, Command } from "../../core/command.ts"
import { CustomerFilter } from "../../core/customer-index.ts"
import type { Fact } from "../../core/fact.ts"
import type { Order } from "../../core/order.ts"
import { type Inventory, InventoryFault, type Notice } from "../../core/ports/inventory.ts"
import type { Sale } from "../../core/sale.ts"
import type { Method, Port, ToReplica, ToSupervisor } from "./messages.ts"

interface Pending {
  resolve(value: never): void
  reject(fault: Error): void
}

/** The supervisor's inventory as a replica sees it. Nothing is resent: when the connection ends, everything under way is unknown. */
export class IpcInventory implements Inventory {
  readonly #pending = new Map<number, Pending>()
  readonly #notices = new Map<string, Notice>()
  readonly #listeners = new Set<(notice: Notice) => void>()
  #calls = 0
  #isClosed = false

  constructor(private readonly port: Port<ToSupervisor>) {}

  /** Handles replies and notices; returns false for a message that is not its own. */
  receive(message: ToReplica): boolean {
    switch (message.type) {
      case "reply":
        this.#take(message.id)?.resolve(message.value as never)
        return true
      case "fault":
        this.#take(message.id)?.reject(new InventoryFault(message.message, message.certain))
        return true
      case "notice":
        this.#tell(message)
        return true
      default:
        return false
    }
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    return this.call("decide", commands)
  }

  sales(): Promise<Sale[]> {
    return this.call("sales")
  }

  async order(orderId: string): Promise<Order | undefined> {
    return (await this.call<Order | null>("order", orderId)) ?? undefined
  }

  orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    return this.call("orders", saleId, after, limit)
  }

  facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    return this.call("facts", saleId, after, limit)
  }

  watch(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const notice of this.#notices.values()) listener(notice)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#pending.values()) reject(new InventoryFault("The supervisor is gone.", false))
    this.#pending.clear()
    this.#listeners.clear()
  }

  call<Value>(method: Method, ...args: unknown[]): Promise<Value> {
    if (this.#isClosed) return Promise.reject(new InventoryFault("The supervisor is gone.", true))
    const id = ++this.#calls
    return new Promise<Value>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.port.send({ type: "call", id, method, args })
    })
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #tell({ id, sale, holders }: Extract<ToReplica, { type: "notice" }>): void {
    const notice: Notice = { sale, ...(holders !== undefined && { holders: CustomerFilter.fromBase64(holders) }) }
    this.#notices.set(sale.id, notice)
    for (const listener of this.#listeners) listener(notice)
    if (id !== undefined) this.port.send({ type: "seen", id })
  }
}
