import type { Fact } from "../../../src/core/fact.ts"
import { LedgerFault } from "../../../src/core/ports/ledger.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"

/**
 * A leader that appends the facts from standard input in epoch 1, until the ledger accepts them or refuses them for good.
 * It prints each event as one word on its own line.
 */
const ledger = new PostgresLedger({ url: process.argv[2]! })
const facts = (await Bun.stdin.json()) as Fact[]
const leadership = (await ledger.tryLead())!
console.log("leads")
leadership.lost.addEventListener("abort", () => console.log("lost"))

for (;;) {
  try {
    await ledger.append({ id: facts[0]!.saleId, number: 1 }, 1, facts)
    console.log("appended")
    break
  } catch (error) {
    const { kind } = error as LedgerFault
    console.log(kind)
    if (!(error instanceof LedgerFault) || kind !== "away") break
    await Bun.sleep(50)
  }
}
await ledger[Symbol.asyncDispose]()
process.exit(0)
