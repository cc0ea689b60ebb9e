import { chainText, type Fact } from "../../core/fact.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import { sha1 } from "../../runtime/sha1.ts"

/** Throws a conflict unless the facts follow each other, and the first one `previousHash`, by number and by hash. */
export function assertChained(saleId: string, previousHash: string, facts: readonly Fact[]): void {
  let hash = previousHash
  let due = facts[0]!.seq
  for (const fact of facts) {
    if (fact.saleId !== saleId || fact.seq !== due) {
      const came = `fact ${fact.seq} of ${fact.saleId}`
      throw new LedgerFault("conflict", `${saleId}: ${came} came where ${due} was due.`)
    }
    due++
    if (fact.hash !== sha1(chainText(hash, fact))) {
      throw new LedgerFault("conflict", `${saleId}: fact ${fact.seq} does not follow the one before it by its hash.`)
    }
    hash = fact.hash
  }
}
