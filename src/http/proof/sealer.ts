import type { Fact } from "../../core/fact.ts"
import type { Inventory } from "../../core/ports/inventory.ts"
import type { Seals } from "../../core/ports/seals.ts"
import type { Sale } from "../../core/sale.ts"
import { PAGE_FACTS, sealPage, UNSEALED } from "../../core/seal.ts"
import { sha256 } from "../../runtime/sha256.ts"

interface Sealing {
  /** No fact is expected any more: the last ones are sealed as a shorter page. */
  isFinal: boolean
  stopping: AbortSignal
  /** Called after every read. */
  pause(): Promise<unknown>
}

/** Seals the pages of sales. What it knows is only remembered: another process goes on where the pages end. */
export class Sealer {
  /** The last fact that is sealed and the seal there, of each sale. */
  readonly #ends = new Map<string, { seq: number; seal: string }>()

  constructor(
    private readonly source: Pick<Inventory, "facts">,
    private readonly seals: Seals,
    /** Facts per read. */
    private readonly readMax: number,
  ) {}

  /** Seals the sale's next page if it is full; every fact if the sale is final. */
  async step(sale: Sale, { isFinal, stopping, pause }: Sealing): Promise<void> {
    for (;;) {
      const { seq, seal } = await this.#endOf(sale.id)
      const size = Math.min(PAGE_FACTS, sale.seq - seq)
      if (stopping.aborted || size < (isFinal ? 1 : PAGE_FACTS)) return
      const facts = await this.#read(sale.id, seq, size, pause)
      if (stopping.aborted || facts.length < size) return
      await this.seals.keep(sale.id, sealPage(seal, facts, sha256))
      // It is read again, because another process may have kept another page meanwhile.
      this.#ends.delete(sale.id)
      if (!isFinal) return
    }
  }

  async #endOf(saleId: string): Promise<{ seq: number; seal: string }> {
    const known = this.#ends.get(saleId)
    if (known) return known
    const last = await this.seals.last(saleId)
    const end = { seq: last?.lastSeq ?? 0, seal: last?.seal ?? UNSEALED }
    this.#ends.set(saleId, end)
    return end
  }

  /** Resolves to fewer facts if the source has no more. */
  async #read(saleId: string, after: number, count: number, pause: () => Promise<unknown>): Promise<Fact[]> {
    const facts: Fact[] = []
    while (facts.length < count) {
      const read = await this.source.facts(saleId, after + facts.length, Math.min(this.readMax, count - facts.length))
      if (read.length === 0) break
      facts.push(...read)
      await pause()
    }
    return facts
  }
}
