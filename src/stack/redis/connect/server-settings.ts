import { InventoryFault } from "../../../core/ports/inventory.ts"

/** Redis has had functions since 7.0. */
const VERSION_MIN = 7

/** With other settings the store could forget a decision that it has answered, or evict a key. */
const REQUIRED: [name: string, value: string][] = [
  ["appendonly", "yes"],
  ["appendfsync", "always"],
  ["no-appendfsync-on-rewrite", "no"],
  ["maxmemory-policy", "noeviction"],
]

/**
 * Resolves to the server's run id. Rejects with an `InventoryFault` of one sentence if its version, role or settings do
 * not guarantee that it keeps what it has answered.
 */
export async function assertSettings(command: (...args: string[]) => Promise<unknown>): Promise<string> {
  const info = String(await command("INFO", "server"))
  const version = /^redis_version:(\d+)\.(\S*)/m.exec(info)
  if (!version || Number(version[1]) < VERSION_MIN) {
    const found = version ? `${version[1]}.${version[2]}` : "of an unknown version"
    throw refusal(`The store is Redis ${found}, but Redis ${VERSION_MIN}.0 or later, or Valkey, is needed.`)
  }
  const [role] = (await command("ROLE")) as string[]
  if (role !== "master") throw refusal("The store is a replica, and its master is elsewhere.")
  const names = REQUIRED.map(([name]) => name)
  const settings = (await command("CONFIG", "GET", ...names).catch((error: Error) => {
    if (!error.message.startsWith("NOPERM")) throw error
    throw refusal("The store's ACL forbids CONFIG GET: allow +config|get, so that its settings can be checked.")
  })) as Record<string, string>
  for (const [name, value] of REQUIRED) {
    const is = settings[name]
    if (is === value) continue
    throw refusal(`The store's ${name} is "${is}": set "${name} ${value}" in redis.conf and start it again.`)
  }
  return runOf(info)
}

/** The run id in a reply to `INFO server`. */
export function runOf(info: string): string {
  return /^run_id:(\w+)/m.exec(info)?.[1] ?? ""
}

function refusal(sentence: string): InventoryFault {
  return new InventoryFault(sentence, true)
}
