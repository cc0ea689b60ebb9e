import { createHash } from "node:crypto"
import type { Check } from "./check.ts"

/** Consecutive facts as they were sealed. */
export interface AuditedPage {
  firstSeq: number
  lastSeq: number
  seal: string
  /** SHA-256 of each fact alone. */
  digests: readonly string[]
}

/**
 * Adds up the seal of a sale: SHA-256 over the seal before and each fact's own SHA-256. Compares it with the pages that were
 * sealed. After a page that does not match it goes on from the page's own seal, so that only false pages are named.
 */
export class SealCheck {
  readonly #pages: AuditedPage[] = []
  #lastSealed = 0
  #seal = ""

  constructor(private readonly check: Check) {}

  get seal(): string {
    return this.#seal
  }

  page(page: AuditedPage): void {
    const { firstSeq, lastSeq, digests } = page
    if (firstSeq !== this.#lastSealed + 1)
      this.check.fails(`the page that begins at fact ${firstSeq} follows one that ends at fact ${this.#lastSealed}`)
    if (digests.length !== lastSeq - firstSeq + 1) this.check.fails(`${named(page)} has ${digests.length} digests`)
    this.#lastSealed = lastSeq
    this.#pages.push(page)
  }

  fact(seq: number, digest: string): void {
    this.#seal = sha("sha256", `${this.#seal}${digest}`)
    const [page] = this.#pages
    if (!page || seq < page.firstSeq) return
    if (page.digests[seq - page.firstSeq] !== digest) this.check.fails(`fact ${seq} is not the fact that was sealed`)
    if (seq < page.lastSeq) return
    if (this.#seal !== page.seal) this.check.fails(`${named(page)} does not match its seal`)
    this.#seal = page.seal
    this.#pages.shift()
  }

  /** Call it after the last fact. */
  end(lastSeq: number): void {
    for (const page of this.#pages)
      this.check.fails(`the journal ends at fact ${lastSeq}, but ${named(page)} was sealed`)
  }
}

export function sha(kind: "sha1" | "sha256", text: string): string {
  return createHash(kind).update(text).digest("hex")
}

function named({ firstSeq, lastSeq }: AuditedPage): string {
  return `the page of facts ${firstSeq} to ${lastSeq}`
}
