import { createHash } from "node:crypto"

/** Wrong tokens from one subnet before it has to wait. */
export const GUESSES_MAX = 10
/** How long it takes until one wrong token no longer counts. */
export const FORGIVEN_MS = 30_000
/** The same limits for all subnets together, because an attacker may have many. */
export const ALL_GUESSES_MAX = 200
const ALL_FORGIVEN_MS = 1000
/** How many subnets and tokens are remembered: about a megabyte in all. */
const SUBNETS_MAX = 4096
const TOKENS_MAX = 1024

/** A count of failures that falls by one every `forgivenMs`. */
class FailedAttempts {
  #count = 0
  #at = 0

  constructor(
    private readonly most: number,
    private readonly forgivenMs: number,
  ) {}

  add(now: number): void {
    this.#count = this.#remaining(now) + 1
    this.#at = now
  }

  /** Milliseconds until one more attempt is allowed. */
  waitMs(now: number): number {
    return Math.max(0, this.#remaining(now) - this.most + 1) * this.forgivenMs
  }

  #remaining(now: number): number {
    return Math.max(0, this.#count - (now - this.#at) / this.forgivenMs)
  }
}

/**
 * Slows whoever guesses administrators' tokens down. It judges wrong tokens only: a right one enters whatever others, or the
 * same address, have guessed. Tokens are too long to be guessed, so nothing is gained by refusing a right one. Each process
 * counts for itself. `now` is in milliseconds and never goes back.
 */
export class LoginThrottle {
  readonly #all = new FailedAttempts(ALL_GUESSES_MAX, ALL_FORGIVEN_MS)
  readonly #failures = new Map<string, FailedAttempts>()
  /** Digests of wrong tokens. A tool that repeats one wrong token is counted once, because it guesses nothing. */
  readonly #wrongTokens = new Map<string, true>()

  /** Counts a wrong token. Returns how many milliseconds its subnet should wait; 0 if it may try again at once. */
  addFailure(subnet: string, token: string, now: number): number {
    const failures = this.#failures.get(subnet) ?? new FailedAttempts(GUESSES_MAX, FORGIVEN_MS)
    const waitMs = Math.max(failures.waitMs(now), this.#all.waitMs(now))
    if (waitMs > 0) return waitMs
    const digest = createHash("sha256").update(token).digest("base64")
    if (this.#wrongTokens.has(digest)) return 0
    remember(this.#wrongTokens, digest, true, TOKENS_MAX)
    failures.add(now)
    this.#all.add(now)
    remember(this.#failures, subnet, failures, SUBNETS_MAX)
    return 0
  }
}

/** Sets an entry and makes it the newest; drops the oldest if there are more than `most`. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

/** The /64 network of an IPv6 address, all of which one customer of a provider may use; an IPv4 address itself. */
export function subnetOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address.replace("::ffff:", "")
  const [head = "", tail = ""] = address.split("::")
  const groups = head === "" ? [] : head.split(":")
  const rest = tail === "" ? [] : tail.split(":")
  const zeros = address.includes("::") ? Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0") : []
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":")
}
