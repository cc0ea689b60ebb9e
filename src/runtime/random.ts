import { randomFillSync, randomUUID } from "node:crypto"

/** Crockford's letters and digits: none is mistaken for another. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const POOL_BYTES = 4096

const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** Four unguessable characters. The system's generator fills a pool, so that one purchase does not wait for it. */
export function newSuffix(): string {
  if (used + 4 > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  let text = ""
  for (const end = used + 4; used < end; used++) text += ALPHABET[pool[used]! & 31]
  return text
}

export function newKey(): string {
  return randomUUID()
}
