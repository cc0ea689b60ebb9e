import { resolvePtr } from "node:dns/promises"
import { networkInterfaces } from "node:os"

/** Docker's name server answers at once; others may never answer. */
const DNS_MAX_MS = 1000

/**
 * The first process of a container: names the node as `docker compose ps` does, for example `web-2`, then runs the program. The
 * host name would not do as a node name: it changes when the container is recreated, and the counters saved under the
 * node's name would restart from zero.
 */
const name = process.env.NODE_ID || (await nameInProject())
if (name) process.env.NODE_ID = name
await import("../../src/main.ts")

/** Docker resolves this container's address to `PROJECT-web-2.PROJECT_NETWORK`. Other names do not tell the container's number. */
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
