import { createHash } from "node:crypto"
import type { Fact } from "../../src/core/fact.ts"
import { chainText } from "../../src/core/fact.ts"
import type { Inventory } from "../../src/core/ports/inventory.ts"
import type { Seals } from "../../src/core/ports/seals.ts"
import type { SealedPage } from "../../src/core/seal.ts"
import { Sealer } from "../../src/http/proof/sealer.ts"
import { sha1 } from "../../src/runtime/sha1.ts"

/** One step of a new process that seals the sale `drop`. */
export async function sealDrop(
  source: Pick<Inventory, "sales" | "facts">,
  seals: Seals,
  isFinal: boolean,
): Promise<SealedPage[]> {
  const sale = (await source.sales()).find(({ id }) => id === "drop")
  if (!sale) throw new Error("There is no sale drop.")
  const stopping = new AbortController().signal
  await new Sealer(source, seals, 100).step(sale, { isFinal, stopping, pause: async () => {} })
  return pagesOf(seals)
}

export async function pagesOf(seals: Seals): Promise<SealedPage[]> {
  const pages: SealedPage[] = []
  for (;;) {
    const page = await seals.pageAfter("drop", pages.at(-1)?.lastSeq ?? 0)
    if (!page) return pages
    pages.push(page)
  }
}

/** The facts with another customer in fact `seq`, and with every hash made anew: the inner chain cannot tell. */
export function rewritten(facts: readonly Fact[], seq: number): Fact[] {
  let hash = ""
  return facts.map(fact => {
    const changed = fact.seq === seq ? { ...fact, customerId: "mallory" } : fact
    hash = sha1(chainText(hash, changed))
    return { ...changed, hash }
  })
}

/** The seal as of the last of these facts, by this test's own arithmetic. */
export function sealOf(facts: readonly Fact[]): string {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
  return facts.reduce((seal, fact) => sha256(seal + sha256(chainText("", fact))), "")
}
