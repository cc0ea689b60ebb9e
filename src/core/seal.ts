import { chainText, type Fact, GENESIS, type Hash } from "./fact.ts"

/** Facts of a full page. A page may be shorter if its sale ended with it. */
export const PAGE_FACTS = 1000

/** Consecutive facts of a sale, sealed together; see docs/decisions/0032. */
export interface SealedPage {
  firstSeq: number
  lastSeq: number
  /** SHA-256 of each of the page's facts alone, in hexadecimal, in order. */
  digests: readonly string[]
  /** The seal as of the last fact, in hexadecimal. */
  seal: string
}

/** The seal before the first fact. */
export const UNSEALED = ""

/** The digest of one fact alone. It says nothing of other facts, so it can stay when the fact itself is erased. */
export function factDigest(fact: Omit<Fact, "hash">, sha256: Hash): string {
  return sha256(chainText(GENESIS, fact))
}

/** The seal after more facts: each fact's digest is hashed together with the seal before it. */
export function sealAfter(previous: string, digests: readonly string[], sha256: Hash): string {
  return digests.reduce((seal, digest) => sha256(`${seal}${digest}`), previous)
}

/** The page of these facts, which follow the seal `previous`. There must be at least one. */
export function sealPage(previous: string, facts: readonly Fact[], sha256: Hash): SealedPage {
  const [first] = facts
  if (!first) throw new Error("A page needs a fact.")
  const digests = facts.map(fact => factDigest(fact, sha256))
  const lastSeq = first.seq + facts.length - 1
  return { firstSeq: first.seq, lastSeq, digests, seal: sealAfter(previous, digests, sha256) }
}

/** A page as a table has it. The digests of its facts are one value: 32 bytes for each, in order. */
export interface SealRow {
  first_seq: number
  last_seq: number
  digests: Uint8Array
  seal: string
}

export function pageFrom(row: SealRow): SealedPage {
  const hex = Buffer.from(row.digests).toString("hex")
  return { firstSeq: row.first_seq, lastSeq: row.last_seq, digests: hex.match(/.{64}/g) ?? [], seal: row.seal }
}

export function digestBytes({ digests }: SealedPage): Buffer {
  return Buffer.from(digests.join(""), "hex")
}
