import { SaleProof } from "../../audit/sale-proof.ts"
import { createdSeq } from "../../core/order.ts"
import type { Inventory } from "../../core/ports/inventory.ts"
import type { Seals } from "../../core/ports/seals.ts"
import { isQuiet, type Millis, type Sale, stateOf } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import { sleep, type Time } from "../../runtime/time.ts"
import { factToWire, orderToWire, saleToWire } from "../api/mapping.ts"
import type { Proofs } from "./proofs.ts"
import { Sealer } from "./sealer.ts"

/** Facts or orders per read: about two milliseconds of the thread that also decides. */
const PAGE = 100
/** The pause after each read, so that a proof takes at most a fifth of that thread. */
const PAUSE_MS = 8
/** How often sales are looked for that have ended since. */
export const PROVE_EVERY_MS = 1000
/** The same while nothing changes, unless a sale closes by itself before. */
const REST_MS = 10_000

export interface ProverOptions {
  source: Pick<Inventory, "sales" | "facts" | "orders">
  seals: Seals
  proofs: Proofs
  time: Time
}

/**
 * Seals the facts of every sale, one full page of each sale at a step. Proves each sale once it can sell no more, and again when it has changed and ended again. Nobody who reads a proof
 * causes one to be made.
 */
export class Prover {
  /** The last fact of each sale that has a proof. */
  readonly #proven = new Map<string, number>()
  readonly #sealer: Sealer
  /** The facts of all sales at the last step. */
  #facts = -1

  constructor(private readonly options: ProverOptions) {
    this.#sealer = new Sealer(options.source, options.seals, PAGE)
  }

  /** Seals what can be sealed. Proves every sale that needs it, one after the other. Returns the pause before the next step. */
  async step(stopping: AbortSignal): Promise<Millis> {
    const { source, time } = this.options
    const pause = () => sleep(PAUSE_MS, stopping, time)
    const sales = await source.sales()
    for (const sale of sales) {
      if (stopping.aborted) break
      const final = isFinal(sale, time.now())
      await this.#sealer.step(sale, { isFinal: final, stopping, pause })
      if (final && (await this.#seqOf(sale.id)) !== sale.seq) await this.#prove(sale, stopping)
    }
    return this.#pause(sales)
  }

  #pause(sales: readonly Sale[]): Millis {
    const now = this.options.time.now()
    const facts = sales.reduce((sum, { seq }) => sum + seq, 0)
    const isChanged = facts !== this.#facts
    this.#facts = facts
    if (isChanged) return PROVE_EVERY_MS
    const closings = sales.flatMap(({ closesAt = 0 }) => (closesAt > now ? closesAt - now : []))
    return Math.max(PROVE_EVERY_MS, Math.min(REST_MS, ...closings))
  }

  async #seqOf(saleId: string): Promise<number | undefined> {
    const seq = this.#proven.get(saleId) ?? (await this.options.proofs.of(saleId))?.seq
    if (seq !== undefined) this.#proven.set(saleId, seq)
    return seq
  }

  /** Keeps nothing if the sale changes meanwhile: the next step tries again. */
  async #prove(sale: Sale, stopping: AbortSignal): Promise<void> {
    const { source, seals, proofs, time } = this.options
    const { id, seq, hash } = sale
    const proof = new SaleProof({ ...saleToWire(sale, time.now()), hash })
    let sealed = 0
    while (proof.seq < seq) {
      if (proof.seq >= sealed) {
        const page = await seals.pageAfter(id, proof.seq)
        if (page) proof.sealed(page)
        sealed = page?.lastSeq ?? seq
      }
      const facts = await source.facts(id, proof.seq, Math.min(PAGE, sealed - proof.seq))
      if (facts.length === 0 || stopping.aborted) return
      for (const fact of facts) proof.fact(factToWire(fact))
      await sleep(PAUSE_MS, stopping, time)
    }
    for (let after = 0; ; ) {
      const orders = await source.orders(id, after, PAGE)
      for (const order of orders) proof.order(orderToWire(order))
      const last = orders.at(-1)
      if (!last) break
      after = createdSeq(last)
      await sleep(PAUSE_MS, stopping, time)
      if (stopping.aborted) return
    }
    const now = (await source.sales()).find(other => other.id === id)
    if (now?.seq !== seq) return
    await proofs.keep(id, { seq, hash: proof.seal, madeAt: time.now(), report: proof.report() })
    this.#proven.set(id, seq)
  }
}

/** Proves sales until it is disposed of. A proof that fails is tried again. */
export function startProver(options: ProverOptions, log: Pick<Log, "warn">): AsyncDisposable {
  const prover = new Prover(options)
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      await prover
        .step(stopping.signal)
        .catch((error: Error) => log.warn({ error: error.message }, "a proof could not be made"))
      await sleep(PROVE_EVERY_MS, stopping.signal, options.time)
    }
  }
  const running = run()
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}

/** Whether no purchase can change the sale any more: nothing is held, and every unit is sold or the sale is closed. */
export function isFinal(sale: Sale, now: Millis): boolean {
  const state = stateOf(sale, now)
  return isQuiet(sale, now) && (state === "closed" || sale.items.every(({ free }) => free === 0))
}
