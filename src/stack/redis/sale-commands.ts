import type { Command, Reserve } from "../../core/command.ts"
import type { Plan } from "../../core/decision.ts"
import { createdSeq, type Order, parseOrderId } from "../../core/order.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import { DECIDE_TRIES, decisionOf } from "../../core/rules.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import type { SaleView } from "../../core/store-transaction.ts"
import {
  absent,
  type BatchItem,
  isPurchase,
  onceOf,
  type Purchase,
  packItems,
  type Refused,
  type Result,
  stepsOf,
} from "./batch.ts"
import { faultOf } from "./connect/faults.ts"
import type { ByStore, FunctionClient } from "./function-client.ts"
import type { FunctionName } from "./protocol/library.ts"
import { appliedFrom, attemptAnswer, Reply } from "./protocol/replies.ts"
import { packLook } from "./protocol/requests.ts"
import { changesSale, type Document, documentOf, parseHead, saleAfter, saleOf } from "./protocol/sale-text.ts"
import type { SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** The sale as a rule sees it: as the store has shown it, or as the plan before it will leave it. */
interface Shown {
  sale: Sale
  /** The store's name for the sale's version; `+` if the plan before it makes that version. */
  version: string
  orders: ReadonlyMap<number, Order>
  /** The digests of the commands whose keys have been used. */
  digests: ReadonlyMap<string, string>
  now: Millis
}

interface Planned extends Plan {
  shown: Shown
}

/** Makes the arguments of a call after its header. */
type Pack = (byStore: ByStore) => string[]

/**
 * Decides the commands of one sale. The store decides purchases. Every other command is decided here, by the rules and
 * what the store shows; the store then applies the resulting transition if its guards hold.
 */
export class SaleCommands {
  constructor(
    private readonly client: FunctionClient,
    private readonly directory: SaleDirectory,
  ) {}

  /**
   * Expires the holds that are due and decides the commands in order. Calls `sent` as soon as all of them are sent. A
   * command whose transition fails a guard, because the sale changed meanwhile, is decided again, up to `DECIDE_TRIES` times.
   */
  async decide(sale: SaleSnapshot, commands: readonly Command[], sent: () => void): Promise<Result[]> {
    const results: Result[] = new Array(commands.length)
    let items: BatchItem[] = commands.map((command, at) => ({ command, at }))
    for (let attempt = 0; attempt < DECIDE_TRIES; attempt++) {
      items = await this.#decideOnce(sale, items, results, sent)
      if (items.length === 0) return results
    }
    for (const { at } of items) results[at] = { outcome: "overloaded" }
    return results
  }

  /** Resolves to the commands whose transitions failed a guard. */
  async #decideOnce(sale: SaleSnapshot, items: BatchItem[], results: Result[], sent: () => void): Promise<BatchItem[]> {
    const calls: Promise<BatchItem[]>[] = []
    let applied: Promise<BatchItem[]> | undefined
    for (const { purchases, rest } of stepsOf(items)) {
      if (rest.length === 0) {
        calls.push(this.#buy(sale, purchases, results))
        continue
      }
      await applied
      const fault = results.find(result => result instanceof InventoryFault)
      if (fault) {
        // The outcome of the step before is unknown, so this one is not sent.
        for (const { at } of [...purchases, ...rest]) results[at] = fault
        continue
      }
      if (purchases.length > 0) calls.push(this.#buy(sale, purchases, results))
      const shown = await this.#look(sale, rest, results)
      if (!shown) continue
      applied = this.#apply(sale, shown, rest, results)
      calls.push(applied)
    }
    sent()
    return (await Promise.all(calls)).flat()
  }

  async #buy(sale: SaleSnapshot, purchases: Purchase[], results: Result[]): Promise<BatchItem[]> {
    const name = purchases.length > 0 ? "reserve" : "apply"
    await this.#exchange(
      sale,
      name,
      byStore => packItems(byStore, purchases),
      purchases,
      results,
      reply => {
        for (const { at, command } of purchases) results[at] = attemptAnswer(reply, command)
      },
    )
    return []
  }

  /** Reads the sale and the orders of these commands. Resolves to undefined, with the results set, if the store shows none. */
  async #look(sale: SaleSnapshot, items: BatchItem[], results: Result[]): Promise<Shown | undefined> {
    const seqs = items.flatMap(({ command }) =>
      "orderId" in command ? (parseOrderId(command.orderId)?.seq ?? []) : [],
    )
    const keys = items.flatMap(({ command }) => onceOf(command)?.key ?? [])
    const known = sale.document
    let shown: Shown | undefined
    const ask = () => packLook(known.version, seqs, keys)
    await this.#exchange(sale, "look", ask, items, results, reply => {
      const { head, now } = reply
      reply.code()
      const document = JSON.parse(reply.text() || "null") as Document | null
      const orders = new Map(
        seqs.map(() => reply.order()).flatMap(order => (order ? [[createdSeq(order), order]] : [])),
      )
      const digests = new Map(keys.flatMap(key => reply.digest(key)))
      const { version } = head
      shown = { sale: saleOf(sale.number, document ?? known.content, head), version, orders, digests, now }
    })
    return shown
  }

  /** Resolves to the commands whose transitions failed a guard. */
  async #apply(sale: SaleSnapshot, first: Shown, items: BatchItem[], results: Result[]): Promise<BatchItem[]> {
    const plans = new Map<BatchItem, Planned>()
    let shown = first
    for (const item of items) {
      if (item.command.kind === "reserve") continue
      const decision = decisionOf(viewOf(shown), item.command, shown.now)
      if ("outcome" in decision) {
        results[item.at] = decision
        continue
      }
      plans.set(item, { ...decision, shown })
      const { changes } = decision.transition
      if (changesSale(changes)) shown = { ...shown, sale: saleAfter(shown.sale, changes), version: "+" }
    }
    const left = items.filter(item => isPurchase(item) || plans.has(item))
    const stale: BatchItem[] = []
    if (left.length === 0) return stale
    const name = left.some(isPurchase) ? "reserve" : "apply"
    await this.#exchange(
      sale,
      name,
      byStore => packItems(byStore, left, plans),
      left,
      results,
      reply => {
        for (const item of left) {
          const plan = plans.get(item)
          const result = plan ? this.#applied(reply, plan, sale) : attemptAnswer(reply, item.command as Reserve)
          if (result) results[item.at] = result
          else stale.push(item)
        }
      },
    )
    return stale
  }

  /** Undefined if a guard failed. */
  #applied(reply: Reply, { transition, answer, shown }: Planned, sale: SaleSnapshot): Result | undefined {
    const code = reply.code()
    if (code === "failed") {
      reply.text()
      return undefined
    }
    if (code === "overloaded") return { outcome: "overloaded", seq: reply.seq }
    if (code === "broken") {
      this.client.countViolation()
      return new InventoryFault(`The transition of ${sale.id} would break the numbers of its stock.`, true)
    }
    if (code !== "applied") throw new Error(`The store answered a transition with the code ${code}.`)
    const applied = appliedFrom(reply, transition, shown.sale)
    if (changesSale(transition.changes)) {
      this.directory.learnDocument(sale, applied.head.version, documentOf(applied.sale))
    }
    return answer(applied)
  }

  /** Makes one call. If it fails, the reason becomes the result of every item that has none yet. */
  async #exchange(
    sale: SaleSnapshot,
    name: FunctionName,
    pack: Pack,
    items: readonly BatchItem[],
    results: Result[],
    read: (reply: Reply) => void,
  ): Promise<void> {
    try {
      const reply = await this.#call(sale, name, pack)
      if (reply instanceof Reply) read(reply)
      else for (const { at, command } of items) results[at] = absent(command, reply)
    } catch (error) {
      for (const { at } of items) results[at] ??= faultOf(error as Error)
    }
  }

  async #call(sale: SaleSnapshot, name: FunctionName, pack: Pack, isRepeated = false): Promise<Reply | Refused> {
    const reply = await this.client.decide(name, sale, pack)
    if (!reply) return { refused: "reconciling" }
    const [state, text = ""] = reply
    switch (state) {
      case "ok": {
        const head = parseHead(text)
        // A look shows holds that are due as released, although they are not yet.
        if (name !== "look") this.directory.learn(sale, head)
        return new Reply(reply, sale, head)
      }
      case "epoch":
        // The call decided nothing: the sale has been recovered, and so has a new epoch that this process did not know.
        sale.learnEpoch(Number(text))
        return isRepeated ? { refused: "reconciling" } : this.#call(sale, name, pack, true)
      case "missing": {
        this.directory.forget(sale.id)
        const found = await this.directory.find(({ id }) => id === sale.id)
        return typeof found === "string" ? found : { refused: "reconciling" }
      }
      default:
        sale.isOpen = false
        return { refused: "reconciling" }
    }
  }
}

function viewOf({ sale, orders, digests }: Shown): SaleView {
  return {
    sale: saleId => (saleId === sale.id ? sale : undefined),
    saleNumbered: number => (number === sale.number ? sale : undefined),
    order: (_, createdSeq) => orders.get(createdSeq),
    digestOf: (_, key) => digests.get(key),
  }
}
