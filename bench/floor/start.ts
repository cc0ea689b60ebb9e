import { execPath } from "node:process"
import { fileURLToPath } from "node:url"
import { start, stop } from "../children.ts"
import type { Case, Running, Target } from "../contender.ts"
import { answers, freePorts, until } from "../net.ts"

const SERVER = fileURLToPath(new URL("server.ts", import.meta.url))
/** The same number as the embedded system's replicas. */
const PROCESSES = 3

export async function startFloor(): Promise<Running> {
  const [port] = (await freePorts(1)) as [number]
  const servers = Array.from({ length: PROCESSES }, (_, i) => start(execPath, [SERVER, `${port}`, `node-${i + 1}`]))
  await until("the floor", () => answers(`http://127.0.0.1:${port}/`))
  return {
    processes: async () => servers.map((server, i) => ({ pid: server.pid!, name: `bun ${i + 1}` })),
    open: async (kind: Case): Promise<Target> => ({
      url: `http://127.0.0.1:${port}/api/v1/sales/bench-1/orders`,
      body: JSON.stringify({ sku: kind === "accepted" ? "phone" : "gone" }),
    }),
    stop: async () => {
      await Promise.all(servers.map(stop))
    },
  }
}
