import type { SealedPage } from "../seal.ts"

/** The sealed pages of every sale. They are added, never changed. */
export interface Seals {
  /** The last page of a sale. */
  last(saleId: string): Promise<SealedPage | undefined>
  /** The first page that ends after the fact `after`. */
  pageAfter(saleId: string, after: number): Promise<SealedPage | undefined>
  /** Keeps a page, unless one that begins at the same fact is kept. */
  keep(saleId: string, page: SealedPage): Promise<void>
}
