import { createdSeq, type Order } from "./order.ts"
import { itemOf, type Millis } from "./sale.ts"
import type { StoreView } from "./store-transaction.ts"

/** A condition that a rule has read and relies on. Times are compared with the store's clock. */
export type Guard =
  /** No fact after `order.seq` has changed the order. */
  | { kind: "order"; order: Order }
  | { kind: "notBefore"; at: Millis }
  | { kind: "notAfter"; at: Millis }
  /** At least `units` units of the item are free. */
  | { kind: "free"; sku: string; units: number }
  /** The customer may have `units` more without exceeding the limit. */
  | { kind: "limit"; customerId: string; units: number }
  /** No administrator has changed the sale since this version. 0 means that the sale does not exist. */
  | { kind: "version"; version: number }
  /** The customer has not used the idempotency key. A store that applies the transition records it. */
  | { kind: "key"; customerId: string; key: string }
  /** The administrator's key has not been used in the sale. A store that applies the transition records it and the digest. */
  | { kind: "command"; key: string; digest: string }
  /** The pass has not been used. A store that applies the transition records it. */
  | { kind: "pass"; pass: string }

/** The name under which a store records that a guard's key or pass was used. Undefined for other guards. */
export function useOf(guard: Guard): string | undefined {
  if (guard.kind === "key") return `key:${guard.customerId}:${guard.key}`
  if (guard.kind === "command") return commandUse(guard.key)
  return guard.kind === "pass" ? `pass:${guard.pass}` : undefined
}

/** The name under which a store records an administrator's key. */
export function commandUse(key: string): string {
  return `command:${key}`
}

/** The first guard that does not hold, if any. */
export function failedGuard(view: StoreView, saleId: string, guards: readonly Guard[], now: Millis): Guard | undefined {
  return guards.find(guard => !holds(view, saleId, guard, now))
}

function holds(view: StoreView, saleId: string, guard: Guard, now: Millis): boolean {
  const sale = view.sale(saleId)
  if (guard.kind === "version") return (sale?.version ?? 0) === guard.version
  if (guard.kind === "notBefore") return now >= guard.at
  if (guard.kind === "notAfter") return now <= guard.at
  // A sale that does not exist yet has no keys either.
  if (!sale) return guard.kind === "command"
  const use = useOf(guard)
  if (use !== undefined && view.isUsed(sale, use)) return false
  switch (guard.kind) {
    case "order":
      return view.order(sale, createdSeq(guard.order))?.seq === guard.order.seq
    case "free":
      return (itemOf(sale, guard.sku)?.free ?? 0) >= guard.units
    case "limit":
      return (view.customer(sale, guard.customerId)?.units ?? 0) + guard.units <= sale.limitPerCustomer
    case "key":
      return view.customer(sale, guard.customerId)?.under(guard.key) === undefined
    case "command":
    case "pass":
      return true
  }
}
