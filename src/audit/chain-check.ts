import { createHash } from "node:crypto"
import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"

/** I10: facts have consecutive numbers, times that never decrease, and hashes that chain each to the one before. */
export class ChainCheck {
  readonly #check = new Check("I10 journal")
  #seq = 0
  #at = 0
  #hash = ""
  #count = 0

  constructor(private readonly saleId: string) {}

  /** The last fact read. */
  get seq(): number {
    return this.#seq
  }

  get hash(): string {
    return this.#hash
  }

  fact(fact: Fact): void {
    const { seq, at, hash } = fact
    this.#count++
    if (fact.saleId !== this.saleId) this.#check.fails(`fact ${seq} belongs to sale ${fact.saleId}`)
    if (seq <= this.#seq) this.#check.fails(`fact ${seq} comes after fact ${this.#seq}`)
    else if (seq > this.#seq + 1) this.#check.fails(`${missing(this.#seq + 1, seq - 1)} missing`)
    if (at < this.#at) this.#check.fails(`fact ${seq} is ${this.#at - at} ms older than the fact before it`)
    if ((fact.kind === "created") !== (seq === 1)) this.#check.fails(`fact ${seq} is of kind ${fact.kind}`)
    if (digest(this.#hash, fact) !== hash)
      this.#check.fails(`the hash of fact ${seq} does not match its fields and the fact before it`)
    this.#seq = Math.max(this.#seq, seq)
    this.#at = Math.max(this.#at, at)
    this.#hash = hash
  }

  result() {
    return this.#check.result(`${counted(this.#count, "fact")}, no gap, every hash matches`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

function missing(from: number, to: number): string {
  return from === to ? `fact ${from} is` : `facts ${from} to ${to} are`
}

/**
 * SHA-1 over the previous hash and every field but the hash, joined by `|`. An absent field is empty. A fact with data
 * has a `2` and the data before its terms.
 */
function digest(previous: string, fact: Fact): string {
  const { saleId, seq, at, kind, sku, orderId, customerId, key, quantity, unitPrice, payBefore, reason } = fact
  const subject = [saleId, seq, at, kind, sku, orderId, customerId, key, quantity]
  const money = [unitPrice?.amount, unitPrice?.currency, payBefore, reason]
  const stock = [fact.free, fact.held, fact.sold]
  const terms = fact.terms === undefined ? "" : JSON.stringify(fact.terms)
  const data = fact.data === undefined ? [] : ["2", canonical(fact.data).replaceAll("|", "\\u007c")]
  const text = [previous, ...subject, ...money, ...stock, ...data, terms].join("|")
  return createHash("sha1").update(text).digest("hex")
}

/** JSON without spaces, the names of every object in the order of their UTF-16 code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(",")}}`
}
