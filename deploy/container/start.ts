import { reverse } from "node:dns/promises"
import { networkInterfaces } from "node:os"

/** Docker answers from its own memory. */
const DNS_MAX_MS = 1000

/**
 * The first process of a container: gives the node the name that `docker compose ps` shows, `web-2` say, then becomes
 * the program. A host name would do, but it is another one whenever the container is made anew.
 */
process.env.NODE_ID ||= await nameInProject()
await import("../../src/main.ts")

/** Docker calls an address `PROJECT-web-2.PROJECT_NETWORK`. Anything else says nothing about this container. */
async function nameInProject(): Promise<string | undefined> {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  for (const { address, internal } of addresses) {
    if (internal) continue
    const names = await Promise.race([reverse(address).catch(() => []), Bun.sleep(DNS_MAX_MS).then(() => [])])
    for (const name of names) {
      const node = /^(?:[^.]+-)?([a-z][a-z0-9]*-[0-9]+)\.[^.]+$/.exec(name)?.[1]
      if (node) return node
    }
  }
  return undefined
}
