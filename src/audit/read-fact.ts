import type { Fact } from "../wire/wire.ts"
import type { ChainCheck } from "./chain-check.ts"
import type { LedgerCheck } from "./ledger-check.ts"
import type { StockCheck } from "./stock-check.ts"
import type { TermsHistory } from "./terms.ts"

/** Facts that move no units. */
const ADMIN_KINDS = new Set(["created", "amended", "paused", "resumed", "closed"])

/** The checks that hear of every fact. */
export interface Reading {
  /** The last fact that the sale had when it was read. */
  seq: number
  chain: ChainCheck
  terms: TermsHistory
  stock: StockCheck
  ledger: LedgerCheck
}

/** Reads the next fact of a journal. `transition` receives those that create or end an order. */
export function readFact(fact: Fact, reading: Reading, transition: (fact: Fact) => void): void {
  const { seq, chain, terms, stock, ledger } = reading
  chain.fact(fact)
  terms.fact(fact)
  if (fact.kind === "stocked") stock.stocked(fact, terms.offers.get(fact.sku ?? ""))
  else if (fact.kind === "held" || fact.kind === "confirmed" || fact.kind === "released") transition(fact)
  else if (!ADMIN_KINDS.has(fact.kind)) stock.unknown(fact)
  if (fact.seq === seq) ledger.compareSale(stock.units(), terms)
}
