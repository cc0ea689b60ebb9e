import type { Fact } from "../../core/fact.ts"
import type { Head, HotInventory } from "../../core/ports/hot-inventory.ts"
import type { Cursor, Ledger } from "../../core/ports/ledger.ts"
import type { Tracer } from "../../observability/tracer.ts"
import { traced } from "../../observability/tracing.ts"
import type { ConservationCheck } from "./conservation-check.ts"

/**
 * Facts in one statement of the ledger: some 60 ms, and a megabyte. A batch holds what has come since the last one, so it
 * is small while few buy, and grows with the backlog up to this.
 */
const BATCH_FACTS_MAX = 4000
/** Batches of one sale before it is the other sales' turn and closed gates are looked for. */
const BATCHES_MAX = 2

export interface LedgerWriterOptions {
  inventory: HotInventory
  ledger: Ledger
  conservation: ConservationCheck
  tracer: Tracer
}

/**
 * Writes the facts that follow the cursor to the ledger, then lets the store trim them. Facts whose write was lost are
 * read again, and the ledger only compares those that it has. The next batch is read while the ledger takes this one.
 * Returns the cursor afterwards.
 */
export async function writeToLedger(
  { inventory, ledger, conservation, tracer }: LedgerWriterOptions,
  head: Head,
  cursor: Cursor,
  epoch: number,
  lost: AbortSignal,
): Promise<Cursor> {
  const { saleId, number } = head
  const read = (after: number) =>
    after < head.seq ? inventory.facts(saleId, after, Math.min(BATCH_FACTS_MAX, head.seq - after)) : NOTHING
  let at = cursor
  let reading = read(at.seq)
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const facts = await reading
    const last = facts.at(-1)
    if (!last) break
    reading = read(last.seq)
    // If this batch fails, nothing awaits the next one.
    reading.catch(() => {})
    lost.throwIfAborted()
    const write = ledger.append({ id: saleId, number }, epoch, facts)
    await traced(tracer.ledgerWrite(saleId, at.seq, last.seq), write)
    conservation.check(head, facts)
    at = { saleId, seq: last.seq, hash: last.hash, epoch }
  }
  if (head.ledgerSeq < at.seq) await inventory.trim(saleId, at.seq)
  return at
}

const NOTHING: Promise<Fact[]> = Promise.resolve([])
