import type { Answer, Command } from "../../../src/core/command.ts"
import type { Inventory, Notice } from "../../../src/core/ports/inventory.ts"
import { isSoldOut, type Millis, type Sale } from "../../../src/core/sale.ts"
import { SaleCache } from "../../../src/http/purchase/sale-cache.ts"

/** Wraps a store and answers some commands itself. */
abstract class StoreLayer implements Inventory {
  constructor(protected readonly inner: Inventory) {}

  abstract decide(commands: readonly Command[]): Promise<Answer[]>

  sales = () => this.inner.sales()
  order = (orderId: string) => this.inner.order(orderId)
  orders = (saleId: string, after: number, limit: number) => this.inner.orders(saleId, after, limit)
  clock = () => this.inner.clock()
  facts = (saleId: string, after: number, limit: number) => this.inner.facts(saleId, after, limit)

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inner[Symbol.asyncDispose]()
  }

  watch(listener: (notice: Notice) => void): () => void {
    return this.inner.watch(listener)
  }

  namesAllUntil(): number {
    return this.inner.namesAllUntil?.() ?? Number.NEGATIVE_INFINITY
  }

  /** Answers the commands that `refuse` refuses, and passes the rest to the store. */
  protected async answer(commands: readonly Command[], refuse: (command: Command) => Answer | undefined) {
    const refused = commands.map(refuse)
    const asked = commands.filter((_, at) => !refused[at])
    const answers = await this.inner.decide(asked)
    return refused.map(answer => answer ?? answers.shift()!)
  }
}

/** The correct layer: a replica's refusals from memory. */
export class CorrectLayer extends StoreLayer {
  readonly #saleCache = new SaleCache(this.inner)

  constructor(
    inner: Inventory,
    private readonly now: () => Millis,
  ) {
    super(inner)
    this.#saleCache.start()
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    // A replica's batches contain purchases alone.
    if (commands.some(({ kind }) => kind !== "reserve")) return this.inner.decide(commands)
    return this.answer(commands, command =>
      command.kind === "reserve" ? this.#saleCache.refuse(command, this.now()) : undefined,
    )
  }
}

/** Refuses every customer of a sold-out sale, even customers with an order. */
export class RefusesOrderOwners extends StoreLayer {
  readonly #sales = new Map<string, Sale>()

  constructor(inner: Inventory) {
    super(inner)
    inner.watch(({ sale }) => this.#sales.set(sale.id, sale))
  }

  decide(commands: readonly Command[]): Promise<Answer[]> {
    return this.answer(commands, command => {
      const sale = command.kind === "reserve" ? this.#sales.get(command.saleId) : undefined
      return sale?.items.every(isSoldOut) ? { outcome: "sold_out", seq: sale.seq, free: 0 } : undefined
    })
  }
}

/** Keeps refusing a customer after a sold_out, even after a restock. */
export class RefusesAfterRestock extends StoreLayer {
  readonly #soldOut = new Map<string, Answer>()

  async decide(commands: readonly Command[]): Promise<Answer[]> {
    const answers = await this.answer(commands, command =>
      command.kind === "reserve" ? this.#soldOut.get(`${command.saleId} ${command.customerId}`) : undefined,
    )
    for (const [at, answer] of answers.entries()) {
      const command = commands[at]!
      if (command.kind !== "reserve" || answer.outcome !== "sold_out") continue
      this.#soldOut.set(`${command.saleId} ${command.customerId}`, answer)
    }
    return answers
  }
}

/** Stops at an invalid command and does not decide the commands after it. */
export class StopsAtInvalidCommand extends StoreLayer {
  async decide(commands: readonly Command[]): Promise<Answer[]> {
    const answers: Answer[] = []
    let failed = false
    for (const command of commands) {
      const [answer] = failed ? [{ outcome: "overloaded" } as const] : await this.inner.decide([command])
      if (answer!.outcome === "invalid_request") failed = true
      answers.push(answer!)
    }
    return answers
  }
}
