import { createHash } from "node:crypto"

/** The keys of sales, of their list, and of what replicas tell each other. */
const KEYS = ["~sale:{*}:*", "~list:{sales}:*", "~{fleet}:*"]
/** What a connection checks before it is used: see assertSettings. `config|get` can change nothing. */
const CONNECTION = ["ping", "info", "role", "wait", "config|get", "cluster|slots", "client|tracking"]
/** Each release brings functions of its own. They cannot be deleted. */
const FUNCTIONS = ["fcall", "fcall_ro", "function|list", "function|load"]
/** A function runs with its caller's rights, so these are what functions call, and what processes call themselves. */
const DATA = [
  ...["exists", "unlink", "time", "get", "set"],
  ...["hget", "hmget", "hgetall", "hkeys", "hvals", "hlen", "hexists", "hscan", "hset", "hsetnx", "hincrby", "hdel"],
  ...["zadd", "zrange", "zrem", "rpush", "ltrim", "lrange"],
  ...["xadd", "xrange", "xrevrange", "xtrim"],
]

/** What replicas and workers may do in the store, as Valkey's ACL says it. No more than they call. */
export const STORE_RULES: readonly string[] = [
  "resetkeys",
  "resetchannels",
  ...KEYS,
  "-@all",
  ...[...CONNECTION, ...FUNCTIONS, ...DATA].map(command => `+${command}`),
]

/** The lines of valkey.conf for its users: `doorbuster` for processes, `admin` for people, and nobody without a name. */
export function storeUsers({ password, adminPassword }: { password: string; adminPassword: string }): string {
  return [
    "user default off",
    `user doorbuster on ${digest(password)} ${STORE_RULES.join(" ")}`,
    `user admin on ${digest(adminPassword)} ~* &* +@all`,
    "",
  ].join("\n")
}

/** A password as ACL rules may keep it. */
function digest(password: string): string {
  return `#${createHash("sha256").update(password).digest("hex")}`
}
