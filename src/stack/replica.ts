import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Config } from "../config/config.ts"
import { ensurePages, PAGES_FOLDER } from "../http/built-pages.ts"
import { openDoor } from "../http/open-context.ts"
import { type Listening, listen } from "../http/server.ts"
import { Metrics } from "../observability/metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { assertPortFree } from "../processes/port.ts"
import { LedgerView } from "./inventory.ts"
import { Heart } from "./nodes/heartbeat.ts"
import { Tally } from "./nodes/saved-counters.ts"
import { StackFleet } from "./nodes/stack-nodes.ts"
import { obstacleOf, soonReady } from "./readiness.ts"
import { RedisLogbook, RedisNodeBoard } from "./redis/node-registry.ts"
import { assertFit, openStores } from "./stores.ts"
import { measureStores } from "./worker/measure.ts"

/** How long the last heartbeat may hold up the end. */
const FAREWELL_MAX_MS = 1000

/** One replica of the stack, until it is told to stop. Store and ledger may be away at any time, from the start. */
export async function replica(config: Config): Promise<void> {
  await assertPortFree(config.host, config.port)
  if (!existsSync(join(PAGES_FOLDER, "index.html"))) await ensurePages()
  const { inventory: hot, ledger } = openStores(config)
  const inventory = new LedgerView(hot, ledger)
  const { nodeId, inventory: settings, otlpEndpoint: endpoint, traceShare: share } = config

  const board = new RedisNodeBoard(hot.send)
  const metrics = new Metrics(nodeId)
  const tally = new Tally(metrics, nodeId)
  let isOpen = true
  let listening: Listening | undefined
  const heart: Heart = new Heart({
    board,
    nodeId,
    pid: process.pid,
    tally,
    requests: () => listening?.requests() ?? 0,
    state: () => (!isOpen ? "draining" : listening ? "ready" : "starting"),
    memoryBytes: () => process.memoryUsage.rss(),
  })
  const fleet = new StackFleet({ heart, tally, board, stores: () => measureStores(hot, ledger) })
  const door = openDoor(config, { inventory, metrics, fleet, logbook: new RedisLogbook(hot.send) })
  door.isOpen = () => isOpen
  door.obstacle = () => obstacleOf(hot)
  const service = "doorbuster-replica"
  door.tracer = await openTracer({ endpoint, share, service, nodeId, store: settings.store, log: door.log })

  const stop = async () => {
    if (!isOpen) return
    isOpen = false
    await listening?.stop()
    await Promise.race([heart.stop(), new Promise(late => setTimeout(late, FAREWELL_MAX_MS))])
    await Promise.allSettled([inventory.close(), door.tracer.close()])
    process.exit(0)
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop)

  await assertFit(ledger, door.log)
  heart.start()
  await soonReady(hot, door.board)
  if (!isOpen) return
  listening = listen(door, PAGES_FOLDER, config.host, config.port)
  door.log.info({ url: listening.url }, "replica is listening")
}
