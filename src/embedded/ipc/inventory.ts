import type { Answer, Command, Reserve } from "../../core/command.ts"
import { CustomerFilter } from "../../core/customer-index.ts"
import type { Fact } from "../../core/fact.ts"
import type { Order } from "../../core/order.ts"
import type { ClockStatus } from "../../core/ports/clock.ts"
import { type Inventory, InventoryFault, type Notice } from "../../core/ports/inventory.ts"
import type { Sale } from "../../core/sale.ts"
import { systemTime, type Time } from "../../runtime/time.ts"
import { answersFrom, flatAttempts } from "./attempts.ts"
import {
  METHODS,
  type Method,
  type Port,
  REPLY_MAX_MS,
  type SupervisorApi,
  type ToReplica,
  type ToSupervisor,
} from "./protocol.ts"

interface PendingCall {
  timeout: Disposable
  resolve(value: unknown): void
  reject(fault: Error): void
}

/**
 * The supervisor's inventory, as a replica uses it. Nothing is sent twice: when the connection ends, the result of
 * every call under way is unknown.
 */
export class IpcInventory implements Inventory {
  readonly #pending = new Map<number, PendingCall>()
  readonly #notices = new Map<string, Notice>()
  readonly #listeners = new Set<(notice: Notice) => void>()
  /**
   * How far the supervisor's elapsed time is ahead of this process's. Never too much, because a message can be late but never
   * early.
   */
  #ahead = Number.NEGATIVE_INFINITY
  #lastId = 0
  #isClosed = false

  constructor(
    private readonly port: Port<ToSupervisor>,
    private readonly time: Time = systemTime,
  ) {}

  /** Handles replies and notices; returns false for any other message. */
  receive(message: ToReplica): boolean {
    switch (message.type) {
      case "reply":
        this.#take(message.id)?.resolve(message.value)
        return true
      case "fault":
        this.#take(message.id)?.reject(new InventoryFault(message.message, message.certain))
        return true
      case "elapsed":
        this.#learnElapsed(message.ms)
        return true
      case "notice":
        this.#onNotice(message)
        return true
      default:
        return false
    }
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    const attempts = flatAttempts(commands, this.#ahead)
    if (!attempts) return this.call("decide", commands.map(this.#bySupervisor))
    return this.call("buy", attempts).then(flat => answersFrom(flat, commands as readonly Reserve[]))
  }

  sales(): Promise<Sale[]> {
    return this.call("sales")
  }

  async order(orderId: string): Promise<Order | undefined> {
    // JSON has no undefined: the supervisor sends null.
    return (await this.call("order", orderId)) ?? undefined
  }

  orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    return this.call("orders", saleId, after, limit)
  }

  facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    return this.call("facts", saleId, after, limit)
  }

  /** Asks for the supervisor's elapsed time. What it sent while this process was still loading was read late. */
  async synchronize(): Promise<void> {
    this.#learnElapsed(await this.call("elapsed"))
  }

  clock(): Promise<ClockStatus> {
    return this.call("clock")
  }

  watch(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const notice of this.#notices.values()) listener(notice)
    return () => this.#listeners.delete(listener)
  }

  /** The supervisor answers a creation only once every replica has acknowledged the notice of the new sale. */
  namesAllUntil(): number {
    return Number.POSITIVE_INFINITY
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    const fault = new InventoryFault("The supervisor is gone.", false)
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(fault)
    this.#listeners.clear()
  }

  /** Rejects with an `InventoryFault` when the supervisor reports one, does not reply in time, or is gone. */
  call<M extends Method>(method: M, ...args: Parameters<SupervisorApi[M]>): ReturnType<SupervisorApi[M]> {
    return this.#send(method, args) as ReturnType<SupervisorApi[M]>
  }

  #learnElapsed(ms: number): void {
    this.#ahead = Math.max(this.#ahead, ms - this.time.monotonic())
  }

  /** The command with its time limit by the supervisor's elapsed time. */
  readonly #bySupervisor = (command: Command): Command =>
    command.kind === "reserve" ? { ...command, notAfter: command.notAfter + this.#ahead } : command

  #send(method: Method, args: unknown[]): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new InventoryFault("The supervisor is gone.", true))
    const id = ++this.#lastId
    const kind = METHODS[method]
    return new Promise((resolve, reject) => {
      const timeout = this.time.after(REPLY_MAX_MS[kind], () => {
        this.#take(id)?.reject(new InventoryFault("The supervisor did not reply in time.", kind === "read"))
      })
      this.#pending.set(id, { timeout, resolve, reject })
      this.port.send({ type: "call", id, method, args } as ToSupervisor)
    })
  }

  #take(id: number): PendingCall | undefined {
    const pending = this.#pending.get(id)
    pending?.timeout[Symbol.dispose]()
    this.#pending.delete(id)
    return pending
  }

  #onNotice({ id, sale, holders }: Extract<ToReplica, { type: "notice" }>): void {
    const notice: Notice = { sale, ...(holders !== undefined && { holders: CustomerFilter.fromBase64(holders) }) }
    this.#notices.set(sale.id, notice)
    for (const listener of this.#listeners) listener(notice)
    if (id !== undefined) this.port.send({ type: "acknowledged", id })
  }
}
