import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import { type AuditedPage, SealCheck, sha } from "./seal-check.ts"

export type { AuditedPage } from "./seal-check.ts"

/** A store waits out a clock that is set back by this or less, so it never explains a fact that is older than the one before. */
const WAITED_OUT_MS = 2000
/** The times of a sale may go back as often as this, because its store's clock was ahead and was put right. More is no accident. */
const CORRECTIONS_MAX = 10

/** A fact as it was published: whoever has it can tell that a journal was cut or replaced since then. */
export interface PublishedHead {
  seq: number
  /** The seal there in 64 characters, or in 40 the hash of the fact, which earlier releases published. */
  hash: string
}

/**
 * I10: facts have consecutive numbers and hashes that chain each to the one before. Their times go back only where the
 * store's clock was put right, which is counted and may happen a few times.
 */
export class ChainCheck {
  readonly #check = new Check("I10 journal")
  #seq = 0
  #at = 0
  #hash = ""
  readonly #seals = new SealCheck(this.#check)
  #count = 0
  #corrections = 0
  #correctionMsMax = 0

  constructor(
    private readonly saleId: string,
    private readonly published?: PublishedHead,
  ) {}

  /** The last fact read. */
  get seq(): number {
    return this.#seq
  }

  get hash(): string {
    return this.#hash
  }

  /** The seal as of the last fact read. */
  get seal(): string {
    return this.#seals.seal
  }

  /** A page that was sealed. Give pages in order, each before its facts. */
  sealed(page: AuditedPage): void {
    this.#seals.page(page)
  }

  fact(fact: Fact): void {
    const { seq, at, hash } = fact
    this.#count++
    if (fact.saleId !== this.saleId) this.#check.fails(`fact ${seq} belongs to sale ${fact.saleId}`)
    if (seq <= this.#seq) this.#check.fails(`fact ${seq} comes after fact ${this.#seq}`)
    else if (seq > this.#seq + 1) this.#check.fails(`${missing(this.#seq + 1, seq - 1)} missing`)
    if (at < this.#at) this.#goesBack(seq, this.#at - at)
    if ((fact.kind === "created") !== (seq === 1)) this.#check.fails(`fact ${seq} is of kind ${fact.kind}`)
    if (sha("sha1", factText(this.#hash, fact)) !== hash)
      this.#check.fails(`the hash of fact ${seq} does not match its fields and the fact before it`)
    this.#seals.fact(seq, sha("sha256", factText("", fact)))
    if (seq === this.published?.seq && this.published.hash !== (isSeal(this.published) ? this.seal : hash))
      this.#check.fails(`fact ${seq} was published with another hash: this is another history`)
    this.#seq = Math.max(this.#seq, seq)
    this.#at = at
    this.#hash = hash
  }

  /** Call it after the last fact. */
  end(): void {
    this.#seals.end(this.#seq)
    const { published } = this
    if (published && this.#seq < published.seq)
      this.#check.fails(
        `the journal ends at fact ${this.#seq}, but fact ${published.seq} was published: an older backup`,
      )
  }

  result() {
    const times = counted(this.#corrections, "time")
    const seconds = (this.#correctionMsMax / 1000).toFixed(1)
    const corrected = this.#corrections > 0 ? `; the clock was put right ${times}, by ${seconds} s at most` : ""
    return this.#check.result(`${counted(this.#count, "fact")}, no gap, every hash matches${corrected}`)
  }

  #goesBack(seq: number, ms: number): void {
    const older = `fact ${seq} is ${ms} ms older than the fact before it`
    if (ms <= WAITED_OUT_MS) this.#check.fails(older)
    else this.#corrections++
    this.#correctionMsMax = Math.max(this.#correctionMsMax, ms)
    if (this.#corrections > CORRECTIONS_MAX) this.#check.fails(`${older}, and ${CORRECTIONS_MAX} others are, too`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

function missing(from: number, to: number): string {
  return from === to ? `fact ${from} is` : `facts ${from} to ${to} are`
}

function isSeal({ hash }: PublishedHead): boolean {
  return hash.length === 64
}

/**
 * The previous hash and every field of a fact but the hash, joined by `|`. An absent field is empty. A fact with data
 * has a `2` and the data before its terms.
 */
function factText(previous: string, fact: Fact): string {
  const { saleId, seq, at, kind, sku, orderId, customerId, key, quantity, unitPrice, payBefore, reason } = fact
  const subject = [saleId, seq, at, kind, sku, orderId, customerId, key, quantity]
  const money = [unitPrice?.amount, unitPrice?.currency, payBefore, reason]
  const stock = [fact.free, fact.held, fact.sold]
  const terms = fact.terms === undefined ? "" : JSON.stringify(fact.terms)
  const data = fact.data === undefined ? [] : ["2", canonical(fact.data).replaceAll("|", "\\u007c")]
  return [previous, ...subject, ...money, ...stock, ...data, terms].join("|")
}

/** JSON without spaces, the names of every object in the order of their UTF-16 code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(",")}}`
}
