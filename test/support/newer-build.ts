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
    const { saleId, sku } = order
    const paid = { kind: newer("paid"), sku, order: { before: order }, data: NEWER_DATA }
    applyTransition(transaction, { saleId, guards: [], changes: [paid] }, now, hash)
  }
  if (command.kind === "restock") {
    const { saleId, sku } = command
    itemOf(transaction.sale(saleId)!, sku)!.total--
    const withdrawn = { kind: newer("withdrawn"), sku, moves: { free: -1 }, data: { units: 1 } }
    applyTransition(transaction, { saleId, guards: [], changes: [withdrawn] }, now, hash)
  }
  return answer
}

function newer(kind: string): FactKind {
  return kind as FactKind
}
