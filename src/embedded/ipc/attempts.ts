import type { Answer, Command, Reserve } from "../../core/command.ts"
import type { Order } from "../../core/order.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Money } from "../../core/sale.ts"

/*
 * Attempts to buy and their answers as flat arrays, because objects cost both processes several times as much to write and
 * to read. A replica and its supervisor are always of one build, so no version stands here.
 */

/** Of each attempt: sale, sku, customer, key, quantity, suffix, notAfter. Sale and sku are "" if they are those before. */
export type FlatAttempts = (string | number)[]
const ATTEMPT_FIELDS = 7

/**
 * Of each answer that an attempt made an order: outcome, seq, order's id, createdAt, payBefore, price. What else is in the
 * order stands in the attempt. The price is null if it is the one before. Of each other answer: null, the answer.
 */
export type FlatAnswers = (string | number | Money | Answer | null)[]

/**
 * The commands as flat attempts; the supervisor's elapsed time is `ahead` of this process's. Undefined if they are not all
 * attempts to buy that can be written so.
 */
export function flatAttempts(commands: readonly Command[], ahead: number): FlatAttempts | undefined {
  const flat: FlatAttempts = []
  let saleBefore = ""
  let skuBefore = ""
  for (const command of commands) {
    if (command.kind !== "reserve") return undefined
    const { saleId, sku, customerId, key, quantity, suffix } = command
    // A whole number is shorter, and an earlier one makes no attempt live longer.
    const notAfter = Math.floor(command.notAfter + ahead)
    if (saleId === "" || sku === "" || !Number.isFinite(quantity) || !Number.isFinite(notAfter)) return undefined
    const isSame = saleId === saleBefore
    flat.push(isSame ? "" : saleId, isSame && sku === skuBefore ? "" : sku, customerId, key, quantity, suffix, notAfter)
    saleBefore = saleId
    skuBefore = sku
  }
  return flat
}

/** Throws a fault if this is not what `flatAttempts` makes. */
export function attemptsFrom(flat: unknown): Reserve[] {
  if (!Array.isArray(flat) || flat.length % ATTEMPT_FIELDS !== 0) throw unreadable(true)
  const attempts: Reserve[] = []
  let saleId = ""
  let sku = ""
  for (let at = 0; at < flat.length; ) {
    saleId = text(flat[at++]) || saleId
    sku = text(flat[at++]) || sku
    const customerId = text(flat[at++])
    const key = text(flat[at++])
    const quantity = number(flat[at++])
    const suffix = text(flat[at++])
    const notAfter = number(flat[at++])
    attempts.push({ kind: "reserve", saleId, sku, customerId, key, quantity, suffix, notAfter })
  }
  return attempts
}

export function flatAnswers(attempts: readonly Reserve[], answers: readonly Answer[]): FlatAnswers {
  const flat: FlatAnswers = []
  let priceBefore: Money | undefined
  let at = 0
  for (const answer of answers) {
    const order = newOrder(attempts[at++], answer)
    if (!order) {
      flat.push(null, answer)
      continue
    }
    const price = order.unitPrice
    const isSame = price.amount === priceBefore?.amount && price.currency === priceBefore.currency
    flat.push(order.state, order.seq, order.id, order.createdAt, order.payBefore ?? null, isSame ? null : price)
    priceBefore = price
  }
  return flat
}

/** Throws a fault if this is not what `flatAnswers` makes for these attempts. */
export function answersFrom(flat: FlatAnswers, attempts: readonly Reserve[]): Answer[] {
  const answers: Answer[] = []
  let unitPrice: Money | null = null
  let at = 0
  for (const { saleId, sku, customerId, key, quantity } of attempts) {
    const state = flat[at++] as "confirmed" | "held" | null
    if (state === null) {
      answers.push(flat[at++] as Answer)
      continue
    }
    const seq = flat[at++] as number
    const id = flat[at++] as string
    const createdAt = flat[at++] as number
    const payBefore = flat[at++] as number | null
    unitPrice = (flat[at++] as Money | null) ?? unitPrice
    if (unitPrice === null || unitPrice === undefined) throw unreadable(false)
    const order: Order = { id, saleId, sku, quantity, unitPrice, state, customerId, key, createdAt, seq }
    if (payBefore !== null) order.payBefore = payBefore
    answers.push({ outcome: state, seq, order })
  }
  if (at !== flat.length) throw unreadable(false)
  return answers
}

/** The order that the attempt made, if the rest of the answer follows from it. */
function newOrder(attempt: Reserve | undefined, { outcome, seq, order, replayed }: Answer): Order | undefined {
  if (!attempt || !order || replayed || order.state !== outcome || order.seq !== seq) return undefined
  if (order.state === "released" || order.releaseReason !== undefined) return undefined
  const isItsOwn =
    order.key === attempt.key &&
    order.customerId === attempt.customerId &&
    order.saleId === attempt.saleId &&
    order.sku === attempt.sku &&
    order.quantity === attempt.quantity
  return isItsOwn ? order : undefined
}

function text(value: unknown): string {
  if (typeof value !== "string") throw unreadable(true)
  return value
}

function number(value: unknown): number {
  if (typeof value !== "number") throw unreadable(true)
  return value
}

/** `certain`: nothing was done. */
function unreadable(certain: boolean): InventoryFault {
  return new InventoryFault("A message between replica and supervisor could not be read.", certain)
}
