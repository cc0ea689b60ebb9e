import { resolvePtr } from "node:dns/promises"
import { networkInterfaces } from "node:os"

/** Docker answers from its own memory. */
const DNS_MAX_MS = 1000

/**
 * The first process of a container: gives the node the name that `docker compose ps` shows, `web-2` say, then becomes
 * the program. A host name would do, but it is another one whenever the container is made anew, and whoever counts by
 * name would begin anew with it.
 */
const name = process.env.NODE_ID || (await nameInProject())
if (name) process.env.NODE_ID = name
await import("../../src/main.ts")

/** Docker calls an address `PROJECT-web-2.PROJECT_NETWORK`. Anything else says nothing about this container. */
async function nameInProject(): Promise<string | undefined> {
  const interfaces = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  for (const { address, family, internal } of interfaces) {
    if (internal || family !== "IPv4") continue
    const question = `${address.split(".").reverse().join(".")}.in-addr.arpa`
    const answers = await Promise.race([resolvePtr(question).catch(() => []), Bun.sleep(DNS_MAX_MS).then(() => [])])
    const names = answers.map(answer => /^(?:[^.]+-)?([a-z][a-z0-9]*-[0-9]+)\.[^.]+$/.exec(answer)?.[1])
    const found = names.find(name => name !== undefined)
    if (found) return found
  }
  return undefined
}
