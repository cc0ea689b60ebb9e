import { chainText, type Fact, GENESIS } from "../../core/fact.ts"
import { draftOf, foldInto } from "../../core/fold.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import type { Sale } from "../../core/sale.ts"
import { sha1 } from "../../runtime/sha1.ts"
import type { Query } from "./query.ts"
import { assertNotFenced, findSale, INSERT_SALE, saleFrom } from "./sales.ts"
import { type ChainEnd, writePage } from "./write.ts"

/** Each try begins with a look at where the ledger stands. Only a writer that is not alone needs a second one. */
const TRIES_MAX = 5

/** A sale as the ledger has it. `sale` is undefined before its first fact. */
interface Standing extends ChainEnd {
  id: string
  epoch: number
  sale: Sale | undefined
}

type SaleName = { id: string; number: number }

/**
 * Stores the facts that are new, and compares those that the ledger has. It remembers where its last page has left each
 * sale, so that the next one is a single statement. What it remembers is only believed because that statement compares
 * the number and the hash of the last fact: the hash covers every fact before it, and so all that follows from them.
 */
export class Appender {
  readonly #standings = new Map<number, Standing>()

  constructor(private readonly query: Query) {}

  async append(sale: SaleName, epoch: number, facts: readonly Fact[]): Promise<void> {
    const [first] = facts
    if (!first) return
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const standing = this.#take(sale, first.seq) ?? (await this.#look(sale))
      if (standing) assertNotFenced(standing, epoch)
      const fresh = await this.#compare(sale, standing ?? NOTHING, facts)
      if (fresh.length === 0 || (await this.#write(sale, standing, epoch, fresh))) return
    }
    throw new LedgerFault("away", `${sale.id}: other workers write to the ledger.`)
  }

  /** It is forgotten until the page is known to be there. */
  #take({ id, number }: SaleName, next: number): Standing | undefined {
    const standing = this.#standings.get(number)
    this.#standings.delete(number)
    return standing?.id === id && standing.seq + 1 === next ? standing : undefined
  }

  async #look(sale: SaleName): Promise<Standing | undefined> {
    const row = await findSale(this.query, sale)
    return row && { id: row.id, seq: row.seq, hash: row.hash, epoch: row.epoch, sale: saleFrom(row) }
  }

  /** Returns the facts that the ledger lacks. Throws a conflict unless all of them follow those that it has. */
  async #compare({ id, number }: SaleName, { seq, hash }: ChainEnd, facts: readonly Fact[]): Promise<readonly Fact[]> {
    const next = facts[0]?.seq ?? 0
    if (next > seq + 1) {
      throw new LedgerFault("conflict", `${id}: the ledger ends at ${seq}, and the next fact is ${next}.`)
    }
    const known = facts.filter(fact => fact.seq <= seq)
    const hashes = known.length === 0 ? [hash] : await this.#hashes(number, next - 1, seq)
    const before = next === 1 ? GENESIS : hashes.shift()
    if (before === undefined) throw new LedgerFault("conflict", `${id}: the ledger lacks fact ${next - 1}.`)
    assertChained(id, before, next, facts)
    // Comparing hashes is enough: a hash covers its whole fact, and those that came have just been checked.
    const other = known.find((fact, at) => fact.hash !== hashes[at])
    if (other) throw new LedgerFault("conflict", `${id}: the ledger holds another fact ${other.seq}.`)
    return facts.slice(known.length)
  }

  async #hashes(number: number, from: number, to: number): Promise<(string | undefined)[]> {
    const { rows } = await this.query<{ hash: string }>(
      "SELECT hash FROM facts WHERE sale = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
      [number, from, to],
    )
    return rows.map(row => row.hash)
  }

  /** Resolves to false if the ledger stands elsewhere by now. */
  async #write(
    name: SaleName,
    standing: Standing | undefined,
    epoch: number,
    facts: readonly Fact[],
  ): Promise<boolean> {
    const { id, number } = name
    let sale = standing?.sale && draftOf(standing.sale)
    if (!sale && facts[0]?.kind !== "created") {
      throw new LedgerFault("conflict", `${id}: its first fact does not create it.`)
    }
    for (const fact of facts) sale = foldInto(sale, number, fact)
    if (!sale) return false
    if (!standing) await this.query(INSERT_SALE, [number, id, GENESIS])
    const isThere = await writePage(this.query, { place: standing ?? NOTHING, epoch, facts, sale })
    if (isThere) this.#standings.set(number, { id, epoch, sale, seq: sale.seq, hash: sale.hash })
    return isThere
  }
}

/** Before a sale's first fact. */
const NOTHING: ChainEnd = { seq: 0, hash: GENESIS }

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
