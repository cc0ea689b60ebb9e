import type { Reserve } from "../../../core/command.ts"
import { dataText } from "../../../core/fact-data.ts"
import { emptySale } from "../../../core/fold.ts"
import { commandUse, type Guard } from "../../../core/guard.ts"
import { createdSeq } from "../../../core/order.ts"
import type { Millis, NewSale, Sale } from "../../../core/sale.ts"
import type { Change, Transition } from "../../../core/transition.ts"
import { changesSale, metaOf, type SaleMeta, saleAfter, stockText } from "./sale-text.ts"

const PLAIN = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a text is free of separators, so that the store can keep it between them. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/**
 * Packs attempts into one argument list. All must name the same item and quantity. `byStore` converts this process's elapsed
 * time into the store's time.
 */
export function packAttempts(attempts: readonly Reserve[], byStore = (at: Millis) => at): string[] {
  const [first] = attempts
  if (!first) return []
  const times: number[] = []
  let [customers, customerWidths, rests, restWidths] = ["", "", "", ""]
  for (const { customerId, notAfter, suffix, key } of attempts) {
    times.push(byStore(notAfter))
    customers += customerId
    customerWidths += widthOf(customerId)
    rests += suffix + key
    restWidths += widthOf(suffix) + widthOf(key)
  }
  const earliest = Math.min(...times)
  const lates = times.every(time => time === earliest) ? "" : times.join(",")
  const wanted = ["r", first.sku, wholeText(first.quantity), String(earliest), lates]
  return [...wanted, customerWidths, customers, restWidths, rests]
}

/** A piece of a text that the store cuts; see `cut` in state.lua. All pieces are ASCII, so that it has as many bytes. */
function widthOf(piece: string): string {
  return `c${piece.length}`
}

/** Whether two attempts may share an argument list. */
export function areAlike(one: Reserve, other: Reserve): boolean {
  return one.sku === other.sku && one.quantity === other.quantity
}

/** Asks for what a rule needs to decide: the document, unless the caller has this version of it, orders, and used keys. */
export function packLook(version: string, createdSeqs: readonly number[], keys: readonly string[]): string[] {
  const orders = createdSeqs.flatMap(seq => ["v", String(seq)])
  return ["d", version, ...orders, ...keys.flatMap(key => ["k", commandUse(plain(key))])]
}

/** Packs a transition. `sale` is the sale before it, and `version` the store's name for its version. See transitions.lua. */
export function packTransition({ guards, changes }: Transition, sale: Sale, version: string): string[] {
  const meta = changesSale(changes) ? changedMeta(metaOf(sale), metaOf(saleAfter(sale, changes))) : []
  return pack(guards, changes, version, meta)
}

/** The arguments of `create` after the header, and the sale that it creates, still without units. */
export function packCreation(
  terms: NewSale,
  { guards, changes }: Transition,
  number: number,
  run: string,
  wasCreated: boolean,
): { args: string[]; sale: Sale } {
  const sale: Sale = { ...emptySale(terms, number), version: 0, seq: 0, at: 0, hash: "" }
  const transition = pack(guards, changes, "0", Object.entries(metaOf(sale)).flat())
  return { args: [String(number), stockText(sale.items), run, wasCreated ? "1" : "0", ...transition], sale }
}

function pack(guards: readonly Guard[], changes: readonly Change[], version: string, meta: string[]): string[] {
  const guarded = guards.map(guard => guardText(guard, version)).join(";")
  const tells = guards.some(({ kind }) => kind === "version") ? "1" : "0"
  const changed = changes.map(changeText)
  return ["t", guarded, tells, String(changed.length), ...changed, String(meta.length), ...meta]
}

function changedMeta(before: SaleMeta, after: SaleMeta): string[] {
  return Object.entries(after).flatMap(([name, value]) =>
    value === before[name as keyof SaleMeta] ? [] : [name, value],
  )
}

function guardText(guard: Guard, version: string): string {
  switch (guard.kind) {
    case "order":
      return `order,${createdSeq(guard.order)},${guard.order.seq}`
    case "notBefore":
    case "notAfter":
      return `${guard.kind},${guard.at}`
    case "free":
      return `free,${plain(guard.sku)},${guard.units}`
    case "limit":
      return `limit,${plain(guard.customerId)},${guard.units}`
    case "version":
      return `version,${version}`
    case "key":
      return `key,${plain(guard.customerId)},${plain(guard.key)}`
    case "command":
      return `command,${plain(guard.key)},${plain(guard.digest)}`
    case "pass":
      return `pass,${plain(guard.pass)}`
  }
}

function changeText({ kind, sku, moves, order, reason, terms, data }: Change): string {
  const { free = 0, held = 0, sold = 0 } = moves ?? {}
  const units = [kind, sku ?? "", free, held, sold]
  const end = [reason ?? "", data ? dataText(data) : "", terms ? JSON.stringify(terms) : ""]
  if (!order) return [...units, ...Array(8).fill(""), ...end].join("|")
  if (order.before) {
    const letters = [order.after?.state[0] ?? "", order.after?.releaseReason?.[0] ?? ""]
    return [...units, createdSeq(order.before), ...letters, ...Array(5).fill(""), ...end].join("|")
  }
  const { state, customerId, key, suffix, quantity, payWithin } = order.after
  const made = [plain(customerId), plain(key), suffix, quantity, payWithin ?? ""]
  return [...units, "", state[0], "", ...made, ...end].join("|")
}

function plain(text: string): string {
  if (!isPlain(text)) throw new Error(`"${text}" cannot be part of a transition.`)
  return text
}

/** The number in digits, or `0` if it is not a whole number of 1 or more. */
function wholeText(number: number): string {
  return Number.isSafeInteger(number) && number >= 1 ? String(number) : "0"
}
