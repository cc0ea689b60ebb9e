import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Config } from "../config/config.ts"
import { clockObstacle } from "../core/ports/clock.ts"
import type { HotInventory } from "../core/ports/hot-inventory.ts"
import { type ContextParts, createContext } from "../http/context.ts"
import { ensurePages, PAGES_FOLDER } from "../http/pages.ts"
import type { SaleCache } from "../http/purchase/sale-cache.ts"
import { type Listening, listen } from "../http/server.ts"
import { ClockLog } from "../observability/clock-log.ts"
import { openLog } from "../observability/log.ts"
import { ReplicaMetrics } from "../observability/replica-metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { holdPorts } from "../processes/port.ts"
import { stopSignal } from "../processes/stop-signals.ts"
import { aborted, sleep, systemTime, type Time, withTimeout } from "../runtime/time.ts"
import { StackInventory } from "./inventory.ts"
import { Heartbeat } from "./nodes/heartbeat.ts"
import { SavedCounters } from "./nodes/saved-counters.ts"
import { StackNodes } from "./nodes/stack-nodes.ts"
import { RedisCredentials } from "./redis/credentials.ts"
import { RedisLogbook, RedisNodeRegistry, RedisProofs } from "./redis/node-registry.ts"
import { assertLedgerUsable, openStores } from "./stores.ts"
import { SystemIdentity } from "./system-identity.ts"
import { collectStoreMetrics } from "./worker/store-metrics.ts"

const CLOCK_LOG_EVERY_MS = 1000
/** How long the last heartbeat may delay the end of the process. */
const LAST_HEARTBEAT_MAX_MS = 1000

/**
 * Runs one replica of the stack until it gets a signal to stop. Store and ledger may be unreachable at any time, also at the
 * start.
 */
export async function runReplica(config: Config): Promise<void> {
  const stopping = stopSignal()
  await using _port = await holdPorts(config)
  if (!existsSync(join(PAGES_FOLDER, "index.html"))) await ensurePages()
  await serve(config, stopping)
  process.exit(0)
}

/** Resolves when everything is closed again, in reverse order. */
async function serve(config: Config, stopping: AbortSignal): Promise<void> {
  const { nodeId, inventory: settings, otlpEndpoint: endpoint, traceShare: share } = config
  await using parts = new AsyncDisposableStack()
  const log = openLog(config.logLevel, nodeId)
  const { inventory: hot, ledger } = openStores(config)
  const inventory = new StackInventory(hot, ledger)
  parts.defer(() => inventory[Symbol.asyncDispose]().catch(() => {}))
  const service = "doorbuster-replica"
  const tracer = parts.use(await openTracer({ endpoint, share, service, nodeId, store: settings.store, log }))
  const metrics = parts.use(new ReplicaMetrics(nodeId))
  metrics.start()

  let listening: Listening | undefined
  const registry = new RedisNodeRegistry(hot.send)
  const savedCounters = new SavedCounters(metrics, nodeId)
  const heartbeat = new Heartbeat({
    registry,
    nodeId,
    pid: process.pid,
    savedCounters,
    requests: () => listening?.requests() ?? 0,
    state: () => (stopping.aborted ? "draining" : listening ? "ready" : "starting"),
    memoryBytes: () => process.memoryUsage.rss(),
  })
  const identity = parts.use(new SystemIdentity(hot, ledger))
  identity.start()
  const storeMetrics = () => collectStoreMetrics(hot, ledger)
  const clockLog = new ClockLog(log)
  parts.use(systemTime.every(CLOCK_LOG_EVERY_MS, () => void hot.clock().then(clock => clockLog.note(clock))))
  const contextParts: ContextParts = {
    inventory,
    metrics,
    nodes: new StackNodes({ heartbeat, savedCounters, registry, storeMetrics }),
    logbook: new RedisLogbook(hot.send),
    credentials: new RedisCredentials(hot.send),
    seals: ledger.seals,
    proofs: new RedisProofs(hot.send),
    tracer,
    log,
    isOpen: () => !stopping.aborted,
    systemId: () => identity.systemId,
    obstacle: async () => identity.mismatch ?? (await obstacleOf(hot)),
  }
  // Every replica says and judges times by the store's clock, so that all of them and the store agree.
  const context = createContext(config, contextParts, { ...systemTime, now: () => hot.now() })
  context.saleCache.start()
  await assertLedgerUsable(ledger, log)
  heartbeat.start()
  parts.defer(async () => {
    await withTimeout(LAST_HEARTBEAT_MAX_MS, heartbeat[Symbol.asyncDispose]())
  })
  await waitUntilReady(hot, identity, context.saleCache, stopping)
  if (stopping.aborted) return
  const server = listen(context, PAGES_FOLDER, config)
  listening = server
  parts.defer(() => server.stop())
  log.info({ url: server.url }, "replica is listening")
  await aborted(stopping)
}

/** The longest wait before a replica listens although it is not ready. */
const READY_MAX_MS = 3000
const CHECK_EVERY_MS = 20

/**
 * Resolves once this replica can sell, or after three seconds. A balancer sends buyers to the other replicas until this one
 * listens. After that it listens anyway: if the store is away, the other replicas cannot sell either.
 */
async function waitUntilReady(
  hot: HotInventory,
  identity: SystemIdentity,
  saleCache: SaleCache,
  stopping: AbortSignal,
  time: Time = systemTime,
): Promise<void> {
  const isReady = async () => {
    if (identity.systemId === undefined || (await obstacleOf(hot))) return false
    return (await hot.sales()).every(({ id }) => saleCache.sale(id) !== undefined)
  }
  const until = time.monotonic() + READY_MAX_MS
  while (!stopping.aborted && time.monotonic() < until && !(await isReady().catch(() => false))) {
    await sleep(CHECK_EVERY_MS, stopping, time)
  }
}

/**
 * Why no customer could buy now: new sales cannot be created, or the gate of every sale is closed. The closed gate of one
 * sale is no obstacle to the others. Rejects if the store fails.
 */
async function obstacleOf(hot: HotInventory): Promise<string | undefined> {
  const { sales, isOpen } = await hot.heads()
  if (!isOpen) return "The store has not been compared with the ledger yet."
  const closed = sales.filter(sale => !sale.isOpen)
  if (closed.length > 0 && closed.length === sales.length) return "Every sale's gate is closed."
  return clockObstacle(await hot.clock())
}
