import type { Config } from "../config/config.ts"
import { demoSale } from "../config/demo-sale.ts"
import { openLog } from "../observability/log.ts"
import { ProcessMetrics } from "../observability/process-metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { holdPort } from "../processes/port.ts"
import { stopSignal } from "../processes/stop-signals.ts"
import { aborted, systemTime, withTimeout } from "../runtime/time.ts"
import { RedisProofs } from "./redis/node-registry.ts"
import { assertLedgerUsable, openStores } from "./stores.ts"
import { Worker } from "./worker/worker.ts"
import { WorkerServer } from "./worker/worker-server.ts"

/** How long a start waits for the store, so that a store that is there is not reported as away. */
const CONNECT_MAX_MS = 1000
/** How long the steps under way may take to end. Together with the stores it is less than the watchdog's 9 s. */
const STOP_MAX_MS = 5000
/** How long each store may take to close. A store that hangs must not delay the stop. */
const CLOSE_MAX_MS = 1500

/**
 * Runs one worker of the stack until it gets a signal to stop. Store and ledger may be unreachable at any time, also at the
 * start.
 */
export async function runWorker(config: Config): Promise<void> {
  const stopping = stopSignal()
  await using _port = await holdPort(config.host, config.port)
  await work(config, stopping)
  process.exit(0)
}

/** Resolves when everything is closed again, in reverse order. */
async function work(config: Config, stopping: AbortSignal): Promise<void> {
  const { host, port, nodeId, otlpEndpoint: endpoint, traceShare: share, inventory: settings } = config
  await using parts = new AsyncDisposableStack()
  const log = openLog(config.logLevel, nodeId)
  const { inventory, ledger } = openStores(config)
  parts.defer(() => atMost(CLOSE_MAX_MS, ledger[Symbol.asyncDispose]()))
  parts.defer(() => atMost(CLOSE_MAX_MS, inventory[Symbol.asyncDispose]()))
  await Promise.all([assertLedgerUsable(ledger, log), atMost(CONNECT_MAX_MS, inventory.connected())])
  const service = "doorbuster-worker"
  const tracer = parts.use(await openTracer({ endpoint, share, service, nodeId, store: settings.store, log }))
  const processMetrics = parts.use(new ProcessMetrics())
  processMetrics.start()

  const firstSale = config.demo ? demoSale(systemTime.now()) : undefined
  const worker = new Worker({ inventory, ledger, tracer, log, proofs: new RedisProofs(inventory.send), firstSale })
  const obstacle = () => worker.obstacle
  const collectMetrics = async () => [...(await worker.collectMetrics()), ...processMetrics.collect()]
  const server = parts.use(new WorkerServer({ host, port, obstacle, collectMetrics }))
  parts.defer(() => atMost(STOP_MAX_MS, worker[Symbol.asyncDispose]()))
  worker.start()
  await server.start()
  log.info({ port }, "worker is listening")
  await aborted(stopping)
}

/** Resolves when the work has ended, well or not, or after `ms`. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await withTimeout(ms, work).catch(() => {})
}
