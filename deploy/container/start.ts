import { resolvePtr } from "node:dns/promises"
import { networkInterfaces } from "node:os"

/** Docker answers at once; another name server may not answer at all. */
const DNS_MAX_MS = 1000

/**
 * The first process of a container: names the node as `docker compose ps` does, `web-2` for example, then runs the program. The
 * host name is no node name, because it changes whenever the container is recreated, and counters saved under the
 * node's name would start again.
 */
const name = process.env.NODE_ID || (await nameInProject())
if (name) process.env.NODE_ID = name
await import("../../src/main.ts")

/** Docker resolves this container's address to `PROJECT-web-2.PROJECT_NETWORK`. Other names are not about this container. */
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
