import { randomFillSync, randomUUID } from "node:crypto"

/** Crockford's base 32, in which no character looks like another. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
/** Every two characters, because one look-up for both costs half. */
const PAIRS = [...ALPHABET].flatMap(one => [...ALPHABET].map(other => one + other))
const POOL_SIZE = 2048

const pool = new Uint16Array(POOL_SIZE)
let used = POOL_SIZE

/** Four unguessable characters, for an order id. They come from a pool, because the system's generator is slow per call. */
function newSuffix(): string {
  if (used === POOL_SIZE) {
    randomFillSync(pool)
    used = 0
  }
  return pair(pool[used++]) + pair(pool[used++])
}

function pair(bits = 0): string {
  return PAIRS[bits % PAIRS.length] ?? ""
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
