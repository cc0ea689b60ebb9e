import type { Fact } from "../../core/fact.ts"
import type { Head, HotInventory } from "../../core/ports/hot-inventory.ts"
import type { Cursor, Ledger } from "../../core/ports/ledger.ts"
import { during, type Tracer } from "../../observability/tracing.ts"
import type { ConservationCheck } from "./conservation-check.ts"

/** Facts in one transaction of the ledger: some 20 ms, and a quarter of a megabyte. */
const DRAIN_BATCH = 1000
/** Batches of one sale before the others have their turn, and closed gates are looked for. */
const BATCHES_MAX = 8

export interface DrainOptions {
  inventory: HotInventory
  ledger: Ledger
  books: ConservationCheck
  tracer: Tracer
}

/**
 * Moves facts that follow the cursor into the ledger, then lets the store forget them: what is lost on the way is read
 * again, and what was taken already is only compared. Returns the cursor after it. The next batch is read while the
 * ledger takes this one.
 */
export async function drain(
  { inventory, ledger, books, tracer }: DrainOptions,
  head: Head,
  cursor: Cursor,
  epoch: number,
  lost: AbortSignal,
): Promise<Cursor> {
  const { saleId, number } = head
  const read = (after: number) => (after < head.seq ? inventory.facts(saleId, after, DRAIN_BATCH) : NOTHING)
  let at = cursor
  let reading = read(at.seq)
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const facts = await reading
    const last = facts.at(-1)
    if (!last) break
    reading = read(last.seq)
    // Should this batch fail, nobody waits for the next one.
    reading.catch(() => {})
    lost.throwIfAborted()
    const write = ledger.append({ id: saleId, number }, epoch, facts)
    await during(tracer.ledgerWrite(saleId, at.seq, last.seq), write)
    books.take(head, facts)
    at = { saleId, seq: last.seq, hash: last.hash, epoch }
  }
  if (head.drained < at.seq) await inventory.drained(saleId, at.seq)
  return at
}

const NOTHING: Promise<Fact[]> = Promise.resolve([])
