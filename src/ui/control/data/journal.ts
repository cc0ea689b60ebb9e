import type { Fact, Sale } from "../../../wire/wire.ts"
import { duration } from "./durations.ts"
import { log, type Tone } from "./state.ts"
import { words } from "../words/words.ts"

const KNOWN = new Set([
  ...["created", "amended", "paused", "resumed", "closed", "stocked"],
  ...["held", "confirmed", "released"],
])

/** Tells what a stretch of the journal says, in plain words: administrators' facts one by one, the buyers' summed up. */
export function tell(facts: readonly Fact[], sale: Sale): void {
  const say = (text: string, tone: Tone, at: number) => log(text, tone, at, sale.id)
  for (const fact of facts) tellOne(fact, say)
  for (const kind of ["held", "confirmed", "released"] as const) {
    const ofKind = facts.filter(fact => fact.kind === kind)
    const last = ofKind.at(-1)
    if (!last) continue
    const units = ofKind.reduce((sum, fact) => sum + (fact.quantity ?? 0), 0)
    say(words.value.moved[kind](units, ofKind.length === 1 ? last.orderId : undefined), "plain", last.at)
  }
  const end = facts.find(fact => fact.kind === "confirmed" && fact.free === 0 && fact.held === 0)
  if (end) {
    say(words.value.soldOut(end.sku ?? "", end.sold ?? 0, duration(end.at - Date.parse(sale.opensAt))), "good", end.at)
  }
}

function tellOne(
  { kind, at, sku, quantity, orderId }: Fact,
  tell: (text: string, tone: Tone, at: number) => void,
): void {
  const say = words.value
  if (kind === "created") tell(say.created, "plain", at)
  if (kind === "amended") tell(say.amended, "plain", at)
  if (kind === "paused") tell(say.pausedNow, "warn", at)
  if (kind === "resumed") tell(say.resumedNow, "good", at)
  if (kind === "closed") tell(say.closedNow, "warn", at)
  if (kind === "stocked") tell(say.stocked(quantity ?? 0, sku ?? ""), "plain", at)
  // A kind that this page does not know yet is named as the API names it.
  if (!KNOWN.has(kind)) tell([kind, sku, orderId].filter(Boolean).join(" "), "plain", at)
}
