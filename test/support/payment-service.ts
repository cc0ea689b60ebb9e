import { type AdminClient, NoAnswerError, RefusedError } from "../../src/cli/admin-client.ts"
import type { Order } from "../../src/wire/wire.ts"
import { ADMIN_TOKEN } from "./system.ts"

const EVERY_MS = 100
const TRIES_MAX = 200
const TRY_EVERY_MS = 50

/** Pays for some held orders and gives others back, as a shop's payment service does, and remembers the answers. */
export class PaymentService {
  /** The final state of orders, as answered. */
  readonly answered = new Map<string, Order["state"]>()
  readonly #done: Promise<void>
  #isStopped = false

  constructor(
    private readonly url: string,
    private readonly client: AdminClient,
    private readonly sale: string,
  ) {
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#done
  }

  /** Every order whose state differs from the last answer to this service. */
  async contradictions(): Promise<string[]> {
    const found: string[] = []
    for await (const { id, state } of this.#orders()) {
      const answered = this.answered.get(id)
      if (answered !== undefined && answered !== state) found.push(`${id} was ${answered} and is ${state}`)
    }
    return found
  }

  async *#orders(after = 0): AsyncGenerator<Order> {
    for (let next: number | undefined = after; next !== undefined; ) {
      const page = await this.client.orders(this.sale, next)
      yield* page.orders
      next = page.next
    }
  }

  async #run(): Promise<void> {
    let seen = 0
    while (!this.#isStopped) {
      try {
        for await (const { id } of this.#orders(seen)) {
          // On a slow machine the crowd buys faster than this service works.
          if (this.#isStopped) return
          seen = Number(/[0-9]+/.exec(id)![0])
          const verb = (["confirm", "cancel", undefined] as const)[seen % 3]
          if (verb) await this.#settle(id, verb)
        }
      } catch (error) {
        // A ledger that is away lists no orders for a while.
        if (!(error instanceof NoAnswerError || (error instanceof RefusedError && error.status === 503))) throw error
      }
      await Bun.sleep(EVERY_MS)
    }
  }

  /** Repeats the request until it gets a definite answer. Repeating is harmless. */
  async #settle(id: string, verb: "confirm" | "cancel"): Promise<void> {
    const init = { method: "POST", headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } }
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const response = await fetch(`${this.url}/api/v1/orders/${id}/${verb}`, init).catch(() => undefined)
      if (response?.ok) this.answered.set(id, ((await response.json()) as Order).state)
      if (response && response.status < 500) return
      await Bun.sleep(TRY_EVERY_MS)
    }
    throw new Error(`The system does not answer ${verb} of ${id}.`)
  }
}
