import type { Fact, Sale } from "../../wire.ts"
import { duration } from "./duration.ts"
import { log } from "./state.ts"
import { words } from "./words.ts"

/** Tells what a stretch of the journal says, in plain words: administrators' facts one by one, the buyers' summed up. */
export function tell(facts: readonly Fact[], sale: Sale): void {
  for (const fact of facts) tellOne(fact)
  for (const kind of ["held", "confirmed", "released"] as const) {
    const ofKind = facts.filter(fact => fact.kind === kind)
    const last = ofKind.at(-1)
    if (!last) continue
    const units = ofKind.reduce((sum, fact) => sum + (fact.quantity ?? 0), 0)
    log(words.value.moved[kind](units, ofKind.length === 1 ? last.orderId : undefined), "plain", last.at)
  }
  const end = facts.find(fact => fact.kind === "confirmed" && fact.free === 0 && fact.held === 0)
  if (end) {
    log(words.value.soldOut(end.sku ?? "", end.sold ?? 0, duration(end.at - Date.parse(sale.opensAt))), "good", end.at)
  }
}

function tellOne({ kind, at, sku, quantity }: Fact): void {
  const say = words.value
  if (kind === "created") log(say.created, "plain", at)
  if (kind === "amended") log(say.amended, "plain", at)
  if (kind === "paused") log(say.pausedNow, "warn", at)
  if (kind === "resumed") log(say.resumedNow, "good", at)
  if (kind === "closed") log(say.closedNow, "warn", at)
  if (kind === "stocked") log(say.stocked(quantity ?? 0, sku ?? ""), "plain", at)
}
