import type { Database } from "bun:sqlite"
import { type Fact, factOfText } from "../../core/fact.ts"
import type { Sale } from "../../core/sale.ts"

/** A row's id is its sale's number times this, plus the seq of its last fact. No sale has so many facts. */
const SEQS = 2 ** 32

type Journaled = Pick<Sale, "id" | "number">

interface JournalRow {
  id: number
  facts: string
}

/**
 * The facts of every sale, appended and never changed. A row holds the facts of one sale that one transaction made, a line
 * each: the fact's hash, then the text that was hashed.
 */
export class Journal {
  readonly #append
  readonly #next

  constructor(database: Database) {
    this.#append = database.prepare<void, [number, string]>("INSERT INTO journal (id, facts) VALUES (?, ?)")
    this.#next = database.prepare<JournalRow, [number, number]>(
      "SELECT id, facts FROM journal WHERE id > ? AND id < ? ORDER BY id LIMIT 1",
    )
  }

  /** Releases the statements. The file stays locked until then. */
  finalize(): void {
    this.#append.finalize()
    this.#next.finalize()
  }

  append({ number, seq }: Pick<Sale, "number" | "seq">, lines: readonly string[]): void {
    this.#append.run(idOf(number, seq), lines.join("\n"))
  }

  /** The facts after the fact `after`, in order. */
  *after(sale: Journaled, after: number): Generator<Fact> {
    const start = idOf(sale.number, 0)
    const end = idOf(sale.number + 1, 0)
    let seq = after
    for (;;) {
      const row = this.#next.get(start + seq, end)
      if (!row) return
      const lines = row.facts.split("\n")
      const first = row.id - start - lines.length + 1
      for (const line of lines.slice(Math.max(0, seq + 1 - first))) yield factOfLine(line, sale.id)
      seq = row.id - start
    }
  }

  facts(sale: Journaled, after: number, limit: number): Fact[] {
    return [...this.after(sale, after).take(Math.max(0, limit))]
  }

  fact(sale: Journaled, seq: number): Fact | undefined {
    return this.facts(sale, seq - 1, 1)[0]
  }
}

export function lineOf(text: string, hash: string): string {
  return `${hash}|${text}`
}

function factOfLine(line: string, saleId: string): Fact {
  const end = line.indexOf("|")
  return factOfText(saleId, line.slice(end + 1), line.slice(0, end))
}

function idOf(saleNumber: number, seq: number): number {
  return saleNumber * SEQS + seq
}
