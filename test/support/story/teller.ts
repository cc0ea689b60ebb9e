import type { Answer } from "../../../src/core/command.ts"
import { isSuccess } from "../../../src/core/outcome.ts"
import type { NewSale } from "../../../src/core/sale.ts"
import { newItem, OPENS, type Purchase, type Shop } from "../stores/shop.ts"
import { duration, item, type Line, pairs, whole } from "./parse.ts"

type Act = (words: string[]) => Promise<string | undefined>

/** Runs the lines of a story and returns their results in the words of the story. */
export class Teller {
  #elapsed = 0
  readonly #orderIds = new Map<string, string>()

  readonly #acts: Record<string, Act> = {
    sale: words => this.#create(words),
    reserve: words => this.#reserve(words),
    crowd: words => this.#crowd(words),
    confirm: words => this.#change(words, orderId => ({ kind: "confirm", orderId })),
    cancel: words => this.#change(words, orderId => ({ kind: "release", orderId, reason: "cancelled" })),
    decline: words => this.#change(words, orderId => ({ kind: "release", orderId, reason: "payment_failed" })),
    pause: ([saleId]) => this.#steer("pause", saleId),
    resume: ([saleId]) => this.#steer("resume", saleId),
    close: ([saleId]) => this.#steer("close", saleId),
    restock: words => this.#restock(words),
    limit: words => this.#limit(words),
    wait: words => this.#wait(words),
    stock: words => this.#stock(words),
    order: words => this.#order(words),
  }

  constructor(private readonly shop: Shop) {}

  /** Runs a line. Resolves to its result, or to undefined if it has none. */
  async tell({ verb, words, text }: Line): Promise<string | undefined> {
    const act = this.#acts[verb]
    if (!act) throw new Error(`This verb of the story is not known: ${text}`)
    return act(words)
  }

  /** `sale shoes total 2 limit 1 hold 60s`, or with several items `sale drop shirt 2 cap 1`. */
  async #create([id = "", ...words]: string[]): Promise<undefined> {
    const terms: Partial<NewSale> = {}
    const items: NewSale["items"] = []
    for (const [name, value] of pairs(words)) {
      if (name === "limit") terms.limitPerCustomer = whole(value)
      else if (name === "hold") terms.holdSeconds = duration(value) / 1000
      else if (name === "opens") terms.opensAt = OPENS + duration(value)
      else if (name === "closes") terms.closesAt = OPENS + duration(value)
      else items.push(newItem(name === "total" ? id : name, whole(value)))
    }
    const { outcome } = await this.shop.create({ ...terms, id, items })
    if (outcome !== "done") throw new Error(`The sale was not created: ${outcome}`)
    return undefined
  }

  /** `reserve shoes ann k1`, for several units `reserve shoes ann k1 x2`. */
  async #reserve([what, customer = "", key = "", units]: string[]): Promise<string> {
    const purchase: Purchase = { ...item(what), quantity: units ? whole(units.replace(/^x/, "")) : 1 }
    const answer = await this.shop.reserve(customer, key, purchase)
    if (answer.order && isSuccess(answer.outcome))
      this.#orderIds.set(`${purchase.sale} ${customer} ${key}`, answer.order.id)
    return said(answer)
  }

  /** `crowd shoes 50`: fifty concurrent customers, one unit each. Counts the answers. */
  async #crowd([what, size]: string[]): Promise<string> {
    const attempts = Array.from({ length: whole(size) }, (_, at) => this.shop.attempt(`crowd-${at}`, "k", item(what)))
    const counts = new Map<string, number>()
    for (const answer of await this.shop.batch(...attempts)) {
      counts.set(said(answer), (counts.get(said(answer)) ?? 0) + 1)
    }
    return [...counts].map(pair => pair.join(" ")).join(" ")
  }

  async #change(
    [sale, customer, key, ...by]: string[],
    command: (orderId: string) => { kind: "confirm"; orderId: string } | ReleaseCommand,
  ): Promise<string> {
    const orderId = this.#orderIds.get(`${sale} ${customer} ${key}`) ?? "A1-0000"
    // `confirm shoes ann k1 by eve`: eve knows the id of ann's order.
    return said(await this.shop.decide({ ...command(orderId), by: by[1] ?? customer }))
  }

  async #steer(kind: "pause" | "resume" | "close", saleId = ""): Promise<string> {
    return said(await this.shop.decide({ kind, saleId }))
  }

  async #restock([what, units]: string[]): Promise<string> {
    const { sale: saleId, sku } = item(what)
    return said(await this.shop.decide({ kind: "restock", saleId, sku, units: whole(units) }))
  }

  async #limit([saleId = "", limit]: string[]): Promise<string> {
    return said(await this.shop.decide({ kind: "amend", saleId, terms: { limitPerCustomer: whole(limit) } }))
  }

  async #wait([time = ""]: string[]): Promise<undefined> {
    this.#elapsed += duration(time)
    this.shop.at(this.#elapsed)
    // An empty call, as a real system makes it several times a second, releases expired holds.
    await this.shop.batch()
    return undefined
  }

  async #stock([what]: string[]): Promise<string> {
    const { sale, sku } = item(what)
    return this.shop.stock(sku, sale)
  }

  async #order([sale, customer, key]: string[]): Promise<string> {
    const order = await this.shop.inventory.order(this.#orderIds.get(`${sale} ${customer} ${key}`) ?? "")
    return order ? [order.state, order.releaseReason].filter(Boolean).join(" ") : "order_unknown"
  }
}

interface ReleaseCommand {
  kind: "release"
  orderId: string
  reason: "cancelled" | "payment_failed"
}

function said({ outcome, replayed }: Answer): string {
  return replayed ? `replayed ${outcome}` : outcome
}
