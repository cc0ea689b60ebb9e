import type { Seals } from "../../../src/core/ports/seals.ts"
import type { SealedPage } from "../../../src/core/seal.ts"

export class MemorySeals implements Seals {
  readonly pages = new Map<string, SealedPage[]>()

  async last(saleId: string): Promise<SealedPage | undefined> {
    return this.pages.get(saleId)?.at(-1)
  }

  async pageAfter(saleId: string, after: number): Promise<SealedPage | undefined> {
    return this.pages.get(saleId)?.find(({ lastSeq }) => lastSeq > after)
  }

  async keep(saleId: string, page: SealedPage): Promise<void> {
    const kept = this.pages.get(saleId) ?? []
    if (!kept.some(({ firstSeq }) => firstSeq === page.firstSeq)) this.pages.set(saleId, [...kept, page])
  }
}
