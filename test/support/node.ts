import { AdminClient } from "../../src/cli/admin-client.ts"
import type { Node } from "../../src/wire/wire.ts"
import { eventually } from "./eventually.ts"
import { isGone } from "./processes.ts"
import { ADMIN_TOKEN, type System } from "./system.ts"

export type Ready = Node & { pid: number }

export function administrator({ url, dataDir }: Pick<System, "url" | "dataDir">): AdminClient {
  return new AdminClient({ url, dataDir, adminToken: ADMIN_TOKEN })
}

export async function readyNode(client: AdminClient, id: string): Promise<Ready | undefined> {
  const node = (await client.nodes()).find(node => node.id === id)
  return node?.state === "ready" && node.pid !== undefined ? { ...node, pid: node.pid } : undefined
}

export async function readyNodes(client: AdminClient): Promise<Ready[]> {
  const nodes = await client.nodes()
  return Promise.all(nodes.map(({ id }) => eventually(`${id} is ready`, () => readyNode(client, id))))
}

export interface Recovery {
  node: Ready
  /** From the signal to the moment when its successor was seen ready. */
  ms: number
}

/** Kills a node's process and waits until another one has taken its place. */
export async function killNode(client: AdminClient, before: Ready): Promise<Recovery> {
  const { id, pid } = before
  const killedAt = performance.now()
  process.kill(pid, "SIGKILL")
  return replaced(client, before, killedAt, `${id} (${pid}) ends after SIGKILL`)
}

/** Waits until a process is gone and another one has taken its place. */
export async function replaced(
  client: AdminClient,
  { id, pid, restarts }: Ready,
  since: number,
  what: string,
): Promise<Recovery> {
  await eventually(what, () => isGone(pid))
  const node = await eventually(`${id} is ready again`, async () => {
    const now = await readyNode(client, id)
    return now && now.pid !== pid && now.restarts > restarts && now
  })
  return { node, ms: performance.now() - since }
}

export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
