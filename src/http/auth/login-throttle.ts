import { createHash } from "node:crypto"

/** Wrong guesses from one address before it is locked, and how long one takes to be forgiven. */
export const GUESSES_MAX = 10
export const FORGIVEN_MS = 30_000
/** The same for all addresses together: somebody may have many. */
export const ALL_GUESSES_MAX = 200
const ALL_FORGIVEN_MS = 1000
/** What is remembered at most, of each: about a megabyte in all. */
const ADDRESSES_MAX = 4096
const TOKENS_MAX = 1024

/** Guesses that are forgiven one by one. */
class FailedAttempts {
  #count = 0
  #at = 0

  constructor(
    private readonly most: number,
    private readonly forgivenMs: number,
  ) {}

  add(now: number): void {
    this.#count = this.#left(now) + 1
    this.#at = now
  }

  /** Milliseconds until another guess is listened to. */
  wait(now: number): number {
    return Math.max(0, this.#left(now) - this.most + 1) * this.forgivenMs
  }

  #left(now: number): number {
    return Math.max(0, this.#count - (now - this.#at) / this.forgivenMs)
  }
}

/**
 * Keeps the administrator's token from being guessed. An address that has guessed too often is not listened to for a
 * while, be the next guess right or wrong; nor, when all together have, is any address but those that knew the token.
 * Each process counts for itself. `now` is in milliseconds.
 */
export class LoginThrottle {
  readonly #all = new FailedAttempts(ALL_GUESSES_MAX, ALL_FORGIVEN_MS)
  readonly #addresses = new Map<string, FailedAttempts>()
  /** A tool that goes on repeating one wrong token guesses nothing. */
  readonly #wrong = new Map<string, true>()
  readonly #friends = new Map<string, true>()

  /** Milliseconds for which this address is locked out; 0 when it is not. */
  lockedMs(address: string, now: number): number {
    const own = this.#addresses.get(address)?.wait(now) ?? 0
    return Math.max(own, this.#friends.has(address) ? 0 : this.#all.wait(now))
  }

  /** Returns whether this was a new guess. */
  wrong(address: string, token: string, now: number): boolean {
    const digest = createHash("sha256").update(token).digest("base64")
    if (this.#wrong.has(digest)) return false
    remember(this.#wrong, digest, true, TOKENS_MAX)
    const guesses = this.#addresses.get(address) ?? new FailedAttempts(GUESSES_MAX, FORGIVEN_MS)
    guesses.add(now)
    this.#all.add(now)
    remember(this.#addresses, address, guesses, ADDRESSES_MAX)
    return true
  }

  right(address: string): void {
    remember(this.#friends, address, true, ADDRESSES_MAX)
  }
}

/** The least recently remembered is forgotten first. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!)
}

/** Who may choose among many addresses counts as one: an IPv6 customer is given 64 bits of them. */
export function neighbourhood(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address.replace("::ffff:", "")
  const [head = "", tail = ""] = address.split("::")
  const groups = head === "" ? [] : head.split(":")
  const rest = tail === "" ? [] : tail.split(":")
  const zeros = address.includes("::") ? Array(Math.max(0, 8 - groups.length - rest.length)).fill("0") : []
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":")
}
