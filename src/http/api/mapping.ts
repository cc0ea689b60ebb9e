import type { Fact } from "../../core/fact.ts"
import type { Order } from "../../core/order.ts"
import type { Entry } from "../../core/ports/logbook.ts"
import type { NodeStatus } from "../../core/ports/nodes.ts"
import { type Millis, type NewSale, type Sale, stateOf, type Terms } from "../../core/sale.ts"
import type * as wire from "../../wire/wire.ts"

/** Between the words of the rules and the JSON of the wire, which has no place for what is undefined. */

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
    now: time(now),
    seq: sale.seq,
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
  return fact as wire.Fact
}

export function nodeToWire(node: NodeStatus): wire.Node {
  return { ...node, startedAt: time(node.startedAt) }
}

export function entryToWire(entry: Entry): wire.Action {
  return { ...entry, at: time(entry.at) }
}

export function newSaleFromWire(sale: wire.NewSale): NewSale {
  return { ...sale, opensAt: Date.parse(sale.opensAt), closesAt: sale.closesAt ? Date.parse(sale.closesAt) : undefined }
}

export function termsFromWire(patch: wire.SalePatch): { [Key in keyof Terms]?: Terms[Key] | null } {
  const { opensAt, closesAt, ...rest } = patch
  return {
    ...rest,
    ...(opensAt !== undefined && { opensAt: Date.parse(opensAt) }),
    ...(closesAt !== undefined && { closesAt: closesAt === null ? null : Date.parse(closesAt) }),
  }
}

function time(at: Millis): string {
  return new Date(at).toISOString()
}
