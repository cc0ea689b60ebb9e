import type { FactKind } from "../../src/core/fact.ts"
import type { FactData } from "../../src/core/fact-data.ts"
import { type Decide, decide } from "../../src/core/rules.ts"
import { itemOf } from "../../src/core/sale.ts"
import { applyTransition } from "../../src/core/transition.ts"

/** What the facts of `newerRules` say beyond the fields that this build knows. */
export const NEWER_DATA: FactData = {
  provider: "a | b",
  amounts: [{ amount: 5_149_800_000, currency: "IDR" }, true],
  2: "é 🙂 \u0000",
  1: { deep: { er: -1 } },
}

/**
 * The rules of a build that is still to come. A confirmation is followed by `paid`, which is about the order and moves no
 * units; a restock is followed by `withdrawn`, which takes one unit out of the sale.
 */
export const newerRules: Decide = (transaction, command, now, hash) => {
  const answer = decide(transaction, command, now, hash)
  const { order } = answer
  if (command.kind === "confirm" && order && !answer.replayed) {
    const sale = transaction.sale(order.saleId)!
    const item = itemOf(sale, order.sku)!
    applyTransition(transaction, sale, { kind: newer("paid"), item, order, data: NEWER_DATA }, now, hash)
  }
  if (command.kind === "restock") {
    const sale = transaction.sale(command.saleId)!
    const item = itemOf(sale, command.sku)!
    item.total--
    const data = { units: 1 }
    applyTransition(transaction, sale, { kind: newer("withdrawn"), item, moves: { free: -1 }, data }, now, hash)
  }
  return answer
}

function newer(kind: string): FactKind {
  return kind as FactKind
}
