import { randomFillSync, randomUUID } from "node:crypto"

/** Crockford's base 32, in which no character looks like another. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const POOL_BYTES = 4096

const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** Four unguessable characters, for an order id. They come from a pool, because the system's generator is slow per call. */
function newSuffix(): string {
  if (used + 4 > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  let text = ""
  for (const end = used + 4; used < end; used++) text += ALPHABET.charAt((pool[used] ?? 0) & 31)
  return text
}

/** Makes unguessable values. Code takes it as a parameter, so that a test or a simulation can repeat a run. */
export interface Random {
  /** Four characters, for an order id. */
  suffix(): string
  /** A new idempotency key, or any other name that was never used. */
  key(): string
}

/** The machine's own random numbers. */
export const systemRandom: Random = { suffix: newSuffix, key: randomUUID }
