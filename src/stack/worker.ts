import type { Config } from "../config/config.ts"
import { demoSale } from "../config/demo-sale.ts"
import { openLog } from "../observability/log.ts"
import { ProcessSeries } from "../observability/process-metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { assertPortFree } from "../processes/port.ts"
import { assertFit, openStores } from "./stores.ts"
import { Worker } from "./worker/worker.ts"
import { listenAsWorker } from "./worker/worker-server.ts"

/** How long the start waits for a store, so that one that is there is not reported away. */
const CONNECT_MAX_MS = 1000
/** How long what is under way may take once it is told to stop; a store that hangs must not hold it up. */
const STOP_MAX_MS = 5000

/** One worker of the stack, until it is told to stop. Store and ledger may be away at any time, from the start. */
export async function runWorker(config: Config): Promise<void> {
  const { host, port, nodeId, otlpEndpoint: endpoint, traceShare: share, inventory: settings } = config
  const stopped = Promise.withResolvers<void>()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopped.resolve())

  await assertPortFree(host, port)
  const log = openLog(config.logLevel, nodeId)
  const { inventory, ledger } = openStores(config)
  await Promise.all([assertFit(ledger, log), atMost(CONNECT_MAX_MS, [inventory.connected()])])
  const tracer = await openTracer({ endpoint, share, service: "doorbuster-worker", nodeId, store: settings.store, log })
  const firstSale = config.demo ? demoSale(Date.now()) : undefined
  const running = new Worker({ inventory, ledger, tracer, log, firstSale })
  const own = new ProcessSeries()
  const series = async () => [...(await running.series()), ...own.series()]
  const stopListening = await listenAsWorker({ obstacle: () => running.obstacle, series }, host, port)
  log.info({ port }, "worker is listening")

  await stopped.promise
  await atMost(STOP_MAX_MS, [running.stop()])
  await stopListening()
  await atMost(STOP_MAX_MS, [inventory.close(), ledger.close(), tracer.close()])
  process.exit(0)
}

/** Waits until all of it has ended, well or not, but not for long. */
async function atMost(millis: number, work: Promise<unknown>[]): Promise<void> {
  await Promise.race([Promise.allSettled(work), new Promise(late => setTimeout(late, millis))])
}
