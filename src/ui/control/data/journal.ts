import type { Fact, Sale } from "../../../wire/wire.ts"
import { words } from "../words/words.ts"
import { duration } from "./durations.ts"
import { addLogLine, type Tone } from "./state.ts"

const BUYER_KINDS = ["held", "confirmed", "released"] as const
const ADMIN_KINDS = ["created", "amended", "paused", "resumed", "closed", "stocked"]
const KNOWN_KINDS = new Set<string>([...BUYER_KINDS, ...ADMIN_KINDS])

type Add = (text: string, tone: Tone, at: number) => void

/** Logs facts of the journal in plain words: administrators' facts one by one, buyers' facts as one sum of each kind. */
export function logFacts(facts: readonly Fact[], sale: Sale): void {
  const say = words.value
  const add: Add = (text, tone, at) => addLogLine(text, tone, at, sale.id)
  for (const fact of facts) logFact(fact, add)
  for (const kind of BUYER_KINDS) {
    const ofKind = facts.filter(fact => fact.kind === kind)
    const last = ofKind.at(-1)
    if (!last) continue
    const units = ofKind.reduce((sum, fact) => sum + (fact.quantity ?? 0), 0)
    add(say.moved[kind](units, ofKind.length === 1 ? last.orderId : undefined), "plain", last.at)
  }
  const end = facts.find(fact => fact.kind === "confirmed" && fact.free === 0 && fact.held === 0)
  if (end) add(say.soldOut(end.sku ?? "", end.sold ?? 0, duration(end.at - Date.parse(sale.opensAt))), "good", end.at)
}

/** Logs one fact unless it is a buyer's. */
function logFact({ kind, at, sku, quantity, orderId }: Fact, add: Add): void {
  const say = words.value
  if (kind === "created") add(say.created, "plain", at)
  if (kind === "amended") add(say.amended, "plain", at)
  if (kind === "paused") add(say.pausedNow, "warn", at)
  if (kind === "resumed") add(say.resumedNow, "good", at)
  if (kind === "closed") add(say.closedNow, "warn", at)
  if (kind === "stocked") add(say.stocked(quantity ?? 0, sku ?? ""), "plain", at)
  // A kind that this page does not know appears under its API name.
  if (!KNOWN_KINDS.has(kind)) add([kind, sku, orderId].filter(Boolean).join(" "), "plain", at)
}
