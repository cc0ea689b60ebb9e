import type { QueryResultRow } from "pg"
import type { Seals } from "../../core/ports/seals.ts"
import { digestBytes, pageFrom, type SealedPage, type SealRow } from "../../core/seal.ts"
import type { Query } from "./query.ts"

const PAGES = "SELECT seals.* FROM seals JOIN sales ON sales.number = seals.sale WHERE sales.id = $1"

/** Seals in the ledger. */
export class PostgresSeals implements Seals {
  constructor(private readonly query: Query) {}

  async last(saleId: string): Promise<SealedPage | undefined> {
    return this.#first(`${PAGES} ORDER BY seals.first_seq DESC LIMIT 1`, [saleId])
  }

  async pageAfter(saleId: string, after: number): Promise<SealedPage | undefined> {
    return this.#first(`${PAGES} AND seals.last_seq > $2 ORDER BY seals.first_seq LIMIT 1`, [saleId, after])
  }

  async keep(saleId: string, page: SealedPage): Promise<void> {
    await this.query(
      `INSERT INTO seals (sale, first_seq, last_seq, seal, digests)
        SELECT number, $2::bigint, $3::bigint, $4::text, $5::bytea FROM sales WHERE id = $1 ON CONFLICT DO NOTHING`,
      [saleId, page.firstSeq, page.lastSeq, page.seal, digestBytes(page)],
    )
  }

  async #first(sql: string, values: unknown[]): Promise<SealedPage | undefined> {
    const [row] = (await this.query<SealRow & QueryResultRow>(sql, values)).rows
    return row && pageFrom(row)
  }
}
