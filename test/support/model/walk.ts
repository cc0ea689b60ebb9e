import { expect } from "bun:test"
import type { Answer, Command, Reserve } from "../../../src/core/command.ts"
import type { Order } from "../../../src/core/order.ts"
import { expectAudited, History } from "../stores/evidence.ts"
import { OPENS, Shop } from "../stores/shop.ts"
import type { Store } from "../stores/store.ts"
import { SALES, type Step, type Wish } from "./steps.ts"

/** All steps back of one walk together are less than a jump of the clock. */
const STEPS_BACK_MS_MAX = 1500

/** Every store has to look at the sale in order to refuse this. */
const REFUSED: Wish = {
  kind: "reserve",
  saleId: "rush",
  sku: "none",
  customer: "cust-0",
  key: "none",
  quantity: 1,
  late: false,
}

/** Runs two stores through the same steps. Their answers and their final states must be equal. */
export class Walk {
  readonly #store: Shop
  readonly #model: Shop
  readonly #history = new History()
  readonly #orders: Order[] = []
  #steppedBack = 0
  #sinceOpening = 0
  #latest = 0
  #commands = 0

  constructor(store: Store, model: Store) {
    this.#store = new Shop(store, OPENS)
    this.#model = new Shop(model, OPENS)
  }

  /** How many commands both have decided. */
  get commands(): number {
    return this.#commands
  }

  async take(steps: readonly Step[]): Promise<void> {
    await this.#calls([SALES.map(sale => ({ kind: "create", sale }))])
    for (const step of steps) {
      if (step.kind === "calls") await this.#calls(step.calls)
      else if (step.kind === "wait") await this.#wait(step.millis)
      else await this.#restart()
    }
    await this.#end()
  }

  async #calls(wishes: Wish[][]): Promise<void> {
    const calls = wishes.map(call => call.map(wish => this.#command(wish)))
    const answered = this.#history.sent(calls.flat().filter(command => command.kind === "reserve"))
    const [told, expected] = await Promise.all(
      [this.#store, this.#model].map(({ inventory }) => Promise.all(calls.map(call => inventory.decide(call)))),
    )
    if (!Bun.deepEquals(told, expected)) expect(told).toEqual(expected!)
    const commands = calls.flat()
    const answers = told!.flat()
    answered(answers.filter((_, at) => commands[at]!.kind === "reserve"))
    this.#commands += commands.length
    this.#remember(answers)
  }

  #remember(answers: Answer[]): void {
    for (const { order, replayed } of answers) if (order && !replayed) this.#orders.push(order)
  }

  #command(wish: Wish): Command {
    switch (wish.kind) {
      case "reserve":
        return this.#attempt(wish)
      case "confirm":
      case "release": {
        const { nth, by, ...rest } = wish
        const order = this.#orders[nth % (this.#orders.length || 1)]
        const stranger = `cust-${nth % 3}`
        const asker = { "the buyer": order?.customerId, "an administrator": undefined, "a stranger": stranger }[by]
        return { ...rest, orderId: order?.id ?? "A1-0000", ...(asker && { by: asker }) }
      }
      default:
        return wish as Command
    }
  }

  #attempt({ saleId, sku, customer, key, quantity, late }: Extract<Wish, { kind: "reserve" }>): Reserve {
    // By this much a store may be wrong about an attempt's time after its clock was set back a little.
    const notAfter = late ? this.#model.elapsed - 2000 : Number.MAX_SAFE_INTEGER
    return this.#model.attempt(customer, key, { sale: saleId, sku, quantity, notAfter })
  }

  /** A clock can only go back for a store that has seen it, and not every call of the steps reaches the store. */
  async #wait(millis: number): Promise<void> {
    if (millis < 0) {
      if (this.#steppedBack - millis > STEPS_BACK_MS_MAX) return
      this.#steppedBack -= millis
      await this.#calls([[REFUSED]])
    }
    this.#setClock(this.#sinceOpening + millis)
  }

  #setClock(sinceOpening: number): void {
    this.#sinceOpening = sinceOpening
    this.#latest = Math.max(this.#latest, sinceOpening)
    for (const shop of [this.#store, this.#model]) shop.at(sinceOpening)
  }

  /** A store remembers its clock as far as its journal goes; the clock itself has come back by then. */
  async #restart(): Promise<void> {
    this.#setClock(this.#latest)
    await this.#store.store.restart!()
    await this.#calls([[]])
  }

  async #end(): Promise<void> {
    this.#setClock(this.#latest)
    await this.#calls([[]])
    expect(await this.#store.everything()).toEqual(await this.#model.everything())
    for (const { id } of this.#orders.slice(-20)) {
      expect(await this.#store.inventory.order(id)).toEqual((await this.#model.inventory.order(id))!)
    }
    await expectAudited(this.#store.inventory, OPENS + this.#latest, this.#history.lines)
  }
}
