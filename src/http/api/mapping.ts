import type { Fact } from "../../core/fact.ts"
import type { Order } from "../../core/order.ts"
import type { Entry, FailedSignIns } from "../../core/ports/logbook.ts"
import type { NodeStatus } from "../../core/ports/nodes.ts"
import { MAX_RELEASES, type Millis, type NewSale, type Sale, stateOf, type Terms } from "../../core/sale.ts"
import type * as wire from "../../wire/wire.ts"

// Translates between the types of the core and the JSON of the API.

export function saleToWire(sale: Sale, now: Millis, soldOutAt?: Millis): wire.Sale {
  return {
    id: sale.id,
    name: sale.name,
    description: sale.description,
    state: stateOf(sale, now),
    opensAt: time(sale.opensAt),
    ...(sale.closesAt !== undefined && { closesAt: time(sale.closesAt) }),
    checkout: sale.checkout,
    ...(sale.holdSeconds !== undefined && { holdSeconds: sale.holdSeconds }),
    limitPerCustomer: sale.limitPerCustomer,
    ...(sale.maxReleases !== undefined && { maxReleases: sale.maxReleases }),
    ...(sale.cooldownSeconds !== undefined && { cooldownSeconds: sale.cooldownSeconds }),
    now: time(now),
    seq: sale.seq,
    version: sale.version,
    ...(soldOutAt !== undefined && { soldOutAt: time(soldOutAt) }),
    items: sale.items,
  }
}

export function orderToWire(order: Order): wire.Order {
  return {
    id: order.id,
    saleId: order.saleId,
    sku: order.sku,
    quantity: order.quantity,
    unitPrice: order.unitPrice,
    state: order.state,
    releaseReason: order.releaseReason,
    customerId: order.customerId,
    createdAt: time(order.createdAt),
    payBefore: order.payBefore === undefined ? undefined : time(order.payBefore),
    seq: order.seq,
  }
}

export function factToWire(fact: Fact): wire.Fact {
  return { ...fact, terms: fact.terms as Record<string, unknown> | undefined }
}

export function nodeToWire(node: NodeStatus): wire.Node {
  return { ...node, startedAt: time(node.startedAt) }
}

export function entryToWire(entry: Entry): wire.Action {
  return { ...entry, at: time(entry.at) }
}

export function failuresToWire({ at, ...row }: FailedSignIns): wire.FailedSignIns {
  return { ...row, at: time(at) }
}

/** `now` is the server's time, at which a sale opens that is to open now. */
export function newSaleFromWire(sale: wire.NewSale, now: Millis): NewSale {
  const { opensAt, closesAt, items, checkout, maxReleases = checkout === "hold" ? MAX_RELEASES : undefined } = sale
  return compact({
    ...sale,
    opensAt: openingFrom(opensAt, now),
    closesAt: closesAt === undefined ? undefined : Date.parse(closesAt),
    // Written into the sale's facts, so that the journal alone says what held.
    maxReleases,
    items: items.map(compact),
  })
}

export function termsFromWire(patch: wire.SalePatch, now: Millis): { [Key in keyof Terms]?: Terms[Key] | null } {
  const { opensAt, closesAt, ...rest } = patch
  return {
    ...compact(rest),
    ...(opensAt !== undefined && { opensAt: openingFrom(opensAt, now) }),
    ...(closesAt !== undefined && { closesAt: closesAt === null ? null : Date.parse(closesAt) }),
  }
}

function openingFrom(text: string, now: Millis): Millis {
  return text === "now" ? now : Date.parse(text)
}

type Compact<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> }

/** The value without its properties that are undefined, in the same order. */
function compact<Value extends object>(value: Value): Compact<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Compact<Value>
}

let lastAt = Number.NaN
let lastText = ""

/** Orders of one transaction have the same time, so the last one is kept. */
function time(at: Millis): string {
  if (at !== lastAt) {
    lastText = new Date(at).toISOString()
    lastAt = at
  }
  return lastText
}
