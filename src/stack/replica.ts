import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Config } from "../config/config.ts"
import { ensurePages, PAGES_FOLDER } from "../http/built-pages.ts"
import { createContext } from "../http/context.ts"
import { type Listening, listen } from "../http/server.ts"
import { openLog } from "../observability/log.ts"
import { Metrics } from "../observability/replica-metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { assertPortFree } from "../processes/port.ts"
import { StackInventory } from "./inventory.ts"
import { Heartbeat } from "./nodes/heartbeat.ts"
import { SavedCounters } from "./nodes/saved-counters.ts"
import { StackNodes } from "./nodes/stack-nodes.ts"
import { obstacleOf, soonReady } from "./readiness.ts"
import { RedisLogbook, RedisNodeRegistry } from "./redis/node-registry.ts"
import { assertFit, openStores } from "./stores.ts"
import { measureStores } from "./worker/store-metrics.ts"

/** How long the last heartbeat may hold up the end. */
const FAREWELL_MAX_MS = 1000

/** One replica of the stack, until it is told to stop. Store and ledger may be away at any time, from the start. */
export async function runReplica(config: Config): Promise<void> {
  await assertPortFree(config.host, config.port)
  if (!existsSync(join(PAGES_FOLDER, "index.html"))) await ensurePages()
  const { inventory: hot, ledger } = openStores(config)
  const inventory = new StackInventory(hot, ledger)
  const { nodeId, inventory: settings, otlpEndpoint: endpoint, traceShare: share } = config

  const registry = new RedisNodeRegistry(hot.send)
  const metrics = new Metrics(nodeId)
  const savedCounters = new SavedCounters(metrics, nodeId)
  let isOpen = true
  let listening: Listening | undefined
  const heartbeat: Heartbeat = new Heartbeat({
    registry,
    nodeId,
    pid: process.pid,
    savedCounters,
    requests: () => listening?.requests() ?? 0,
    state: () => (!isOpen ? "draining" : listening ? "ready" : "starting"),
    memoryBytes: () => process.memoryUsage.rss(),
  })
  const nodes = new StackNodes({ heartbeat, savedCounters, registry, stores: () => measureStores(hot, ledger) })
  const log = openLog(config.logLevel, nodeId)
  const service = "doorbuster-replica"
  const context = createContext(config, {
    inventory,
    metrics,
    nodes,
    logbook: new RedisLogbook(hot.send),
    tracer: await openTracer({ endpoint, share, service, nodeId, store: settings.store, log }),
    log,
    isOpen: () => isOpen,
    obstacle: () => obstacleOf(hot),
  })
  context.saleCache.start()

  const stop = async () => {
    if (!isOpen) return
    isOpen = false
    await listening?.stop()
    await Promise.race([heartbeat.stop(), new Promise(late => setTimeout(late, FAREWELL_MAX_MS))])
    await Promise.allSettled([inventory.close(), context.tracer.close()])
    process.exit(0)
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop)

  await assertFit(ledger, context.log)
  heartbeat.start()
  await soonReady(hot, context.saleCache)
  if (!isOpen) return
  listening = listen(context, PAGES_FOLDER, config.host, config.port)
  context.log.info({ url: listening.url }, "replica is listening")
}
