import type { ClientBase } from "pg"
import { chainText, type Fact, GENESIS } from "../../core/fact.ts"
import { changesOrder, foldSale } from "../../core/fold.ts"
import { createdSeq } from "../../core/order.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import type { Sale } from "../../core/sale.ts"
import { sha1 } from "../../runtime/sha1.ts"
import { type LockedSale, lockSale, saleFrom } from "./sales.ts"
import { changeOrders, insertFacts, moveCursor } from "./write.ts"

/** Inside a transaction: stores the facts that are new, and compares those that the ledger has. */
export async function append(
  client: ClientBase,
  sale: { id: string; number: number },
  epoch: number,
  facts: readonly Fact[],
): Promise<void> {
  const locked = await lockSale(client, sale, epoch)
  const [first] = facts
  if (!first) return
  if (first.seq > locked.seq + 1) {
    throw new LedgerFault(
      "conflict",
      `${sale.id}: the ledger ends at ${locked.seq}, and the next fact is ${first.seq}.`,
    )
  }
  assertChained(sale.id, await hashBefore(client, locked, first.seq), first.seq, facts)
  const known = facts.filter(({ seq }) => seq <= locked.seq)
  if (known.length > 0) await assertSame(client, locked, known)
  const fresh = facts.slice(known.length)
  if (fresh.length > 0) await insert(client, locked, epoch, fresh)
}

async function hashBefore(client: ClientBase, { number, id, seq, hash }: LockedSale, next: number): Promise<string> {
  if (next === 1) return GENESIS
  if (next === seq + 1) return hash
  const { rows } = await client.query<{ hash: string }>("SELECT hash FROM facts WHERE sale = $1 AND seq = $2", [
    number,
    next - 1,
  ])
  const [before] = rows
  if (!before) throw new LedgerFault("conflict", `${id}: the ledger lacks fact ${next - 1}.`)
  return before.hash
}

/** Throws a conflict unless the facts follow each other, and the first one `previousHash`, by number and by hash. */
function assertChained(saleId: string, previousHash: string, firstSeq: number, facts: readonly Fact[]): void {
  let hash = previousHash
  let due = firstSeq
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

/** Comparing hashes is enough: a hash covers its whole fact, and `assertChained` has just checked those that came. */
async function assertSame(client: ClientBase, { number, id }: LockedSale, known: readonly Fact[]): Promise<void> {
  const { rows } = await client.query<{ hash: string }>(
    "SELECT hash FROM facts WHERE sale = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
    [number, known[0]?.seq, known.at(-1)?.seq],
  )
  for (const [at, { seq, hash }] of known.entries()) {
    if (rows[at]?.hash !== hash) throw new LedgerFault("conflict", `${id}: the ledger holds another fact ${seq}.`)
  }
}

async function insert(client: ClientBase, locked: LockedSale, epoch: number, facts: readonly Fact[]): Promise<void> {
  const before = saleFrom(locked)
  if (!before && facts[0]?.kind !== "created") {
    throw new LedgerFault("conflict", `${locked.id}: its first fact does not create it.`)
  }
  let sale = before
  const changes = new Map<number, Fact>()
  for (const fact of facts) {
    sale = foldSale(sale, locked.number, fact)
    if (fact.orderId !== undefined && changesOrder(fact)) changes.set(createdSeq({ id: fact.orderId }), fact)
  }
  await insertFacts(client, locked.number, facts)
  if (changes.size > 0) await changeOrders(client, locked, changes)
  await moveCursor(
    client,
    sale as Sale,
    epoch,
    facts.some(({ orderId }) => orderId === undefined),
  )
}
