import type { Database } from "bun:sqlite"
import type { Seals } from "../../core/ports/seals.ts"
import { digestBytes, pageFrom, type SealedPage, type SealRow } from "../../core/seal.ts"

const PAGES = "SELECT seals.* FROM seals JOIN sales ON sales.number = seals.sale WHERE sales.id = ?"

/** Seals in the file. A page is written on its own, between the transactions that decide. */
export class SqliteSeals implements Seals {
  constructor(private readonly database: Database) {}

  async last(saleId: string): Promise<SealedPage | undefined> {
    const row = this.database.query<SealRow, [string]>(`${PAGES} ORDER BY seals.first_seq DESC LIMIT 1`).get(saleId)
    return row ? pageFrom(row) : undefined
  }

  async pageAfter(saleId: string, after: number): Promise<SealedPage | undefined> {
    const row = this.database
      .query<SealRow, [string, number]>(`${PAGES} AND seals.last_seq > ? ORDER BY seals.first_seq LIMIT 1`)
      .get(saleId, after)
    return row ? pageFrom(row) : undefined
  }

  async keep(saleId: string, page: SealedPage): Promise<void> {
    this.database
      .query<void, [number, number, string, Buffer, string]>(
        `INSERT INTO seals (sale, first_seq, last_seq, seal, digests)
          SELECT number, ?, ?, ?, ? FROM sales WHERE id = ? ON CONFLICT DO NOTHING`,
      )
      .run(page.firstSeq, page.lastSeq, page.seal, digestBytes(page), saleId)
  }
}
