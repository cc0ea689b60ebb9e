import type { Order } from "../../../src/core/order.ts"
import { isSuccess } from "../../../src/core/outcome.ts"
import { type Decide, decide } from "../../../src/core/rules.ts"
import { type Item, itemOf, type Sale, type Stock } from "../../../src/core/sale.ts"
import type { Customer } from "../../../src/core/store-transaction.ts"
import { applyTransition } from "../../../src/core/transition.ts"
import { createdSeq } from "../../support/stores/evidence.ts"

/** Plausible mistakes in the rules. Every call makes a decider with a memory of its own. */

/** Reads the stock and writes it back later, so that concurrent attempts read the same stock. */
export function checkThenDecrement(): Decide {
  const read = new Map<Item, Stock>()
  return (transaction, command, now, hash) => {
    const sale = command.kind === "reserve" ? transaction.sale(command.saleId) : undefined
    const item = sale && command.kind === "reserve" ? itemOf(sale, command.sku) : undefined
    if (!item) return decide(transaction, command, now, hash)
    const { total, free, held, sold } = read.get(item) ?? item
    if (!read.has(item)) queueMicrotask(() => read.delete(item))
    read.set(item, { total, free, held, sold })
    Object.assign(item, { total, free, held, sold })
    return decide(transaction, command, now, hash)
  }
}

/** Ignores the key of an order. */
export function forgetsKeys(): Decide {
  return withCustomers(customer => ({ ...customer, under: () => undefined }))
}

/** Three replicas in turn, each of which only counts the units that it sold itself. */
export function limitPerReplica(): Decide {
  const sold = new Map<string, number>()
  let calls = 0
  return (transaction, command, now, hash) => {
    if (command.kind !== "reserve") return decide(transaction, command, now, hash)
    const name = `${calls++ % 3} ${command.saleId} ${command.customerId}`
    const units = sold.get(name) ?? 0
    const answer = withCustomers(customer => ({ ...customer, units }))(transaction, command, now, hash)
    if (answer.order && isSuccess(answer.outcome) && !answer.replayed) sold.set(name, units + command.quantity)
    return answer
  }
}

/** A second worker releases units that the first one has already released. */
export function expiresTwice(): Decide {
  const watched = new Set<Order>()
  return (transaction, command, now, hash) => {
    for (const order of watched) {
      const sale = transaction.sale(order.saleId)!
      const current = transaction.order(sale, createdSeq(order))!
      const item = itemOf(sale, order.sku)!
      if (current.releaseReason !== "expired" || item.held < order.quantity) continue
      watched.delete(order)
      const moves = { held: -order.quantity, free: order.quantity }
      const again = { before: current, after: { state: "released" } } as const
      const change = { kind: "released", reason: "expired", sku: item.sku, moves, order: again } as const
      applyTransition(transaction, { saleId: sale.id, guards: [], changes: [change] }, now, hash)
    }
    const answer = decide(transaction, command, now, hash)
    if (answer.outcome === "held" && !answer.replayed) watched.add(answer.order!)
    return answer
  }
}

/** Scopes keys to the sale, not to the customer. */
export function sharesKeys(): Decide {
  const byKey = new Map<string, Order>()
  return (transaction, command, now, hash) => {
    if (command.kind !== "reserve") return decide(transaction, command, now, hash)
    const name = `${command.saleId} ${command.key}`
    const order = byKey.get(name)
    if (order) return { outcome: order.state, seq: transaction.sale(order.saleId)!.seq, order, replayed: true }
    const answer = decide(transaction, command, now, hash)
    if (isSuccess(answer.outcome)) byKey.set(name, answer.order!)
    return answer
  }
}

/** Uses `<=` where `<` is correct. */
export function opensEarly(): Decide {
  return (transaction, command, now, hash) => {
    const sale = command.kind === "reserve" ? transaction.sale(command.saleId) : undefined
    if (sale) sale.opensAt--
    const answer = decide(transaction, command, now, hash)
    if (sale) sale.opensAt++
    return answer
  }
}

/** Uses a fact number for every attempt, even for a refused one. */
export function burnsNumbers(): Decide {
  return (transaction, command, now, hash) => {
    const answer = decide(transaction, command, now, hash)
    const sale = command.kind === "reserve" ? transaction.sale(command.saleId) : undefined
    if (sale && !isSuccess(answer.outcome)) sale.seq++
    return answer
  }
}

/** Lets any customer who knows an order's id confirm or cancel it. */
export function ignoresOwners(): Decide {
  return (transaction, command, now, hash) =>
    decide(transaction, "by" in command ? { ...command, by: undefined } : command, now, hash)
}

/** Remembers the refusal of each key. */
export function burnsKeys(): Decide {
  const refused = new Set<string>()
  return (transaction, command, now, hash) => {
    if (command.kind !== "reserve") return decide(transaction, command, now, hash)
    const name = `${command.saleId} ${command.customerId} ${command.key}`
    if (refused.has(name)) return { outcome: "key_reused", seq: transaction.sale(command.saleId)!.seq }
    const answer = decide(transaction, command, now, hash)
    if (!isSuccess(answer.outcome)) refused.add(name)
    return answer
  }
}

function withCustomers(change: (customer: Customer) => Customer): Decide {
  return (transaction, command, now, hash) => {
    const customer = (sale: Sale, customerId: string) => {
      const known = transaction.customer(sale, customerId)
      return known && change(known)
    }
    return decide({ ...transaction, customer }, command, now, hash)
  }
}
