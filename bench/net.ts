import { createServer } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

const READY_MS = 60_000
const POLL_MS = 10

/** Ports that no process listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

function listen(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => resolve(server))
  })
}

/** Waits until the answer is good, so that no contender is measured while it starts. */
export async function until(what: string, isReady: () => Promise<boolean>, hasEnded = () => false): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    if (await isReady().catch(() => false)) return
    if (hasEnded()) throw new Error(`${what} ended instead of starting`)
    await sleep(POLL_MS)
  }
  throw new Error(`${what} was not ready within ${READY_MS / 1000} s`)
}

export async function answers(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok
}
