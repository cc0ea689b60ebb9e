import type { Head, HotInventory } from "../../core/ports/hot-inventory.ts"
import { type Ledger, LedgerFault } from "../../core/ports/ledger.ts"
import { type Random, systemRandom } from "../../runtime/random.ts"

export interface PairingOptions {
  inventory: HotInventory
  ledger: Ledger
  random?: Random | undefined
}

/**
 * Keeps a worker from carrying the facts of one system to the ledger of another. Store and ledger get the same identity at
 * their first meeting. A store without an identity is empty, or was restored from a backup older than that meeting.
 */
export class Pairing {
  #ledgerId: string | undefined
  #mismatch: string | undefined

  constructor(private readonly options: PairingOptions) {}

  /** One sentence that says why store and ledger do not belong together; undefined when nothing is known against it. */
  get mismatch(): string | undefined {
    return this.#mismatch
  }

  /** Throws a `LedgerFault` unless store and ledger belong together. Pairs them if they meet for the first time. */
  async check(): Promise<void> {
    const { inventory, ledger } = this.options
    const store = await inventory.systemId()
    this.#ledgerId ??= await ledger.systemId()
    if (store === undefined || store !== this.#ledgerId) await this.#meet(store)
    this.#mismatch = undefined
  }

  async #meet(store: string | undefined): Promise<void> {
    const { inventory, ledger, random = systemRandom } = this.options
    // It may have been restored meanwhile.
    const known = await ledger.systemId()
    this.#ledgerId = known
    if (store !== undefined && known === undefined) {
      this.#refuse(`The store belongs to system ${short(store)}, and the ledger is another or has lost everything.`)
    }
    if (store === undefined) {
      await this.#assertFactsHere()
      // The ledger comes first: if this worker ends in between, the store is one without an identity again.
      this.#ledgerId = await ledger.claim(known ?? random.key())
    }
    const id = this.#ledgerId ?? ""
    const claimed = store ?? (await inventory.claim(id))
    if (claimed !== id) this.#refuse(`The store belongs to system ${short(claimed)}, and the ledger to ${short(id)}.`)
  }

  /**
   * Facts that the store has deleted are in the ledger that took them, and in no other. One sale that contradicts the ledger
   * is a conflict of that sale if another one agrees.
   */
  async #assertFactsHere(): Promise<void> {
    const { inventory, ledger } = this.options
    const cursors = new Map((await ledger.cursors()).map(cursor => [cursor.saleId, cursor.seq]))
    let foreign: string | undefined
    for (const head of (await inventory.heads()).sales) {
      const seq = cursors.get(head.saleId) ?? 0
      const isShared = head.seq > 0 && head.seq <= seq
      const isSame = isShared && (await this.#hashAt(head)) === head.hash
      if (isSame) return
      if (isShared || head.ledgerSeq > seq) foreign ??= head.saleId
    }
    if (foreign !== undefined) this.#refuse(`The store's facts of ${foreign} are in another ledger.`)
  }

  async #hashAt({ saleId, seq }: Head): Promise<string | undefined> {
    const [fact] = await this.options.ledger.facts(saleId, seq - 1, 1)
    return fact?.hash
  }

  #refuse(why: string): never {
    this.#mismatch = `${why} This worker does nothing: see INVENTORY_URL and LEDGER_URL.`
    throw new LedgerFault("unfit", this.#mismatch)
  }
}

/** Enough of an identity for a person to compare. */
function short(id: string): string {
  return id.slice(0, 8)
}
