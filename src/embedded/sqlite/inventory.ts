import type { Database } from "bun:sqlite"
import type { Answer, Command } from "../../core/command.ts"
import type { Fact, Hash } from "../../core/fact.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { ClockStatus } from "../../core/ports/clock.ts"
import { type Inventory, InventoryFault, type Notice } from "../../core/ports/inventory.ts"
import { type Decide, decide, expire } from "../../core/rules.ts"
import { copyOf, isQuiet, RELEASED_ORDERS_MAX, type Sale } from "../../core/sale.ts"
import { StoreClock } from "../../core/store-clock.ts"
import { ConservationError } from "../../core/transition.ts"
import { type Random, systemRandom } from "../../runtime/random.ts"
import { sha1 } from "../../runtime/sha1.ts"
import { type Clock, systemTime } from "../../runtime/time.ts"
import { UNFOLDED_MAX } from "./folding.ts"
import { identify, placeOf } from "./identity.ts"
import { openDatabase, refusal } from "./open.ts"
import { SqliteSeals } from "./seals.ts"
import { SqliteTransaction } from "./transaction.ts"

/** Expired holds that one transaction releases; the next one releases more. 1,000 take about 10 ms. */
const EXPIRED_PER_COMMIT_MAX = 1000
/** Commands that one transaction decides, about 40 ms of work. This bounds the wait for the first answer. */
const COMMANDS_PER_COMMIT_MAX = 4000
/** Facts that an empty call folds, about 3 ms of work, unless the store has decided more than a few since the one before. */
const FOLDED_PER_CALL = 1000
const QUIET_FACTS_MAX = 100
/** Orders that an empty call reads ahead into the index of customers, about 20 ms of work. */
const INDEXED_PER_CALL = 20_000

interface Waiting {
  commands: readonly Command[]
  resolve(answers: Answer[]): void
  reject(fault: Error): void
}

/**
 * Inventory and ledger in one file. Every call that waits when a transaction begins joins it, so that all share one
 * fsync. A call is answered after the commit, never before.
 */
export class SqliteInventory implements Inventory {
  readonly seals: SqliteSeals
  readonly #database: Database
  readonly #transaction: SqliteTransaction
  readonly #listeners = new Set<(notice: Notice) => void>()
  #waiting: Waiting[] = []
  #broken: string | undefined
  #violations = 0
  /** Facts that were written when the store last was asked to decide nothing. */
  #factsBefore = 0
  readonly #clock: StoreClock

  constructor(
    private readonly file: string,
    private readonly time: Clock = systemTime,
    private readonly rules: Decide = decide,
    private readonly hash: Hash = sha1,
    releasedOrdersMax = RELEASED_ORDERS_MAX,
    unfoldedMax = UNFOLDED_MAX,
  ) {
    this.#database = openDatabase(file)
    this.seals = new SqliteSeals(this.#database)
    try {
      this.#transaction = new SqliteTransaction(this.#database, releasedOrdersMax, unfoldedMax)
    } catch (error) {
      this.#database.close()
      throw refusal(error as Error, file)
    }
    const transaction = this.#transaction
    this.#clock = new StoreClock(transaction.latest(), now => transaction.clockPutRight(now))
  }

  /**
   * The identity of the system that the file belongs to. Throws a fault of one sentence if the file is a copy, unless it
   * `takesPlace` of the original.
   */
  identify(takesPlace: boolean, { key }: Random = systemRandom): string {
    return identify(this.#database, placeOf(this.file), takesPlace, key())
  }

  /** Why the store has stopped for good. Undefined while it works. */
  get fault(): string | undefined {
    return this.#broken
  }

  /** The number of transitions that were undone because they would have broken `free + held + sold = total`. */
  get violations(): number {
    return this.#violations
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    if (this.#broken) return Promise.reject(new InventoryFault(this.#broken, true))
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ commands, resolve, reject }) === 1) setImmediate(() => this.#commitWaiting())
    })
  }

  async sales(): Promise<Sale[]> {
    return this.#transaction.sales().map(copyOf)
  }

  async order(orderId: string): Promise<Order | undefined> {
    const parsed = parseOrderId(orderId)
    const sale = parsed && this.#transaction.saleNumbered(parsed.saleNumber)
    const order = sale && this.#transaction.order(sale, parsed.seq)
    return order?.id === orderId ? order : undefined
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    const sale = this.#transaction.sale(saleId)
    return sale ? this.#transaction.orders(sale, after, limit) : []
  }

  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    const sale = this.#transaction.sale(saleId)
    return sale ? this.#transaction.journal.facts(sale, after, limit) : []
  }

  watch(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const sale of this.#transaction.sales()) listener(this.#noticeOf(sale))
    return () => this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#waiting.length > 0) this.#commitWaiting()
    if (!this.#broken) this.#foldRest()
    this.#broken = "The store is closed."
    this.#listeners.clear()
    this.#transaction.close()
    this.#database.close()
  }

  async clock(): Promise<ClockStatus> {
    return this.#clock.status(this.time.now(), this.time.monotonic())
  }

  #commitWaiting(): void {
    const joined = this.#join()
    if (joined.length === 0) return
    if (this.#broken) {
      for (const call of joined) call.reject(new InventoryFault(this.#broken, true))
      return
    }
    const before = this.time.monotonic()
    const shown = this.time.now()
    const elapsed = this.time.monotonic()
    const now = this.#clock.read(shown, before, elapsed)
    if (now === undefined) {
      for (const call of joined) call.resolve(call.commands.map(() => ({ outcome: "reconciling" })))
      return
    }
    let committing = false
    try {
      this.#transaction.begin()
      expire(this.#transaction, now, EXPIRED_PER_COMMIT_MAX, this.hash)
      const answers = joined.map(({ commands }) =>
        commands.map(command => this.rules(this.#transaction, command, now, this.hash, elapsed)),
      )
      const changed = this.#transaction.flush()
      this.#catchUpIfQuiet(joined)
      committing = true
      this.#transaction.commit()
      for (const sale of changed) this.#notify(sale)
      for (const [at, call] of joined.entries()) call.resolve(answers[at]!)
    } catch (error) {
      const fault = this.#recover(error as Error & { code?: string }, !committing)
      for (const call of joined) call.reject(fault)
    }
  }

  /** Folds and reads ahead when only empty calls have joined, and next to nothing was decided since the last such transaction. */
  #catchUpIfQuiet(joined: readonly Waiting[]): void {
    if (joined.some(({ commands }) => commands.length > 0)) return
    const { facts } = this.#transaction
    if (facts - this.#factsBefore <= QUIET_FACTS_MAX) {
      this.#transaction.fold(FOLDED_PER_CALL)
      if (!this.#transaction.readAhead(INDEXED_PER_CALL)) setImmediate(() => this.#readOn())
    }
    this.#factsBefore = facts
  }

  /** The first purchase would wait for what is not read yet, so reading goes on while nobody asks for anything. */
  #readOn(): void {
    if (this.#broken || this.#waiting.length > 0) return
    // A fault stops the reading; the next call meets it, too.
    this.decide([]).catch(() => {})
  }

  /** Folds everything. If that fails, the next start does it. */
  #foldRest(): void {
    try {
      this.#transaction.begin()
      this.#transaction.fold(Number.POSITIVE_INFINITY)
      this.#transaction.commit()
    } catch {
      // Closing the file rolls back.
    }
  }

  /** Takes whole calls off the queue, in order, up to the limit. The rest waits for the next transaction. */
  #join(): Waiting[] {
    let commands = 0
    let calls = 0
    while (calls < this.#waiting.length && (calls === 0 || commands < COMMANDS_PER_COMMIT_MAX)) {
      commands += this.#waiting[calls++]!.commands.length
    }
    const joined = this.#waiting.splice(0, calls)
    if (this.#waiting.length > 0) setImmediate(() => this.#commitWaiting())
    return joined
  }

  /** Rolls back and reads memory again. Any error but a full disk may have damaged the file and stops the store. */
  #recover(error: Error & { code?: string }, certain: boolean): InventoryFault {
    if (error instanceof ConservationError) this.#violations++
    try {
      if (this.#database.inTransaction) this.#database.run("ROLLBACK")
      this.#transaction.reload()
      if (!error.code?.startsWith("SQLITE_FULL")) this.#broken = `The store stopped: ${error.message}.`
    } catch (second) {
      this.#broken = `The store stopped: ${error.message}; then ${(second as Error).message}.`
    }
    return new InventoryFault(this.#broken ?? "The disk is full.", certain)
  }

  #notify(sale: Sale): void {
    for (const listener of this.#listeners) listener(this.#noticeOf(sale))
  }

  #noticeOf(sale: Sale): Notice {
    const holders = isQuiet(sale, Math.max(this.#clock.latest, this.time.now()))
      ? this.#transaction.holders(sale)
      : undefined
    return { sale: copyOf(sale), ...(holders && { holders }) }
  }
}
