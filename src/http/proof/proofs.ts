import type { AuditReport } from "../../wire/wire.ts"

/** A finished proof of one sale: its audit as of the fact `seq`. */
export interface Proof {
  seq: number
  /** The seal as of that fact. Proofs of earlier releases have its SHA-1 hash. */
  hash: string
  /** Milliseconds since 1970. */
  madeAt: number
  report: AuditReport
}

/** Where finished proofs are kept: the last one of each sale. */
export interface Proofs {
  of(saleId: string): Promise<Proof | undefined>
  keep(saleId: string, proof: Proof): Promise<void>
}

/** How long a replica shows a proof before it looks for a newer one, and how many sales it remembers. */
const FRESH_MS = 1000
const REMEMBERED_MAX = 100

/** The proofs as a replica shows them to everybody: each is read at most once a second, however many people ask. */
export function rememberedProofs(proofs: Pick<Proofs, "of">, now: () => number): Pick<Proofs, "of"> {
  const remembered = new Map<string, { at: number; proof: Promise<Proof | undefined> }>()
  return {
    of(saleId) {
      const known = remembered.get(saleId)
      if (known && now() - known.at < FRESH_MS) return known.proof
      const proof = proofs.of(saleId).catch(() => known?.proof)
      remembered.delete(saleId)
      remembered.set(saleId, { at: now(), proof })
      const [oldest] = remembered.keys()
      if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest)
      return proof
    },
  }
}
