import type { Config } from "../config.ts"
import { openLog } from "../watch/log.ts"
import { ProcessSeries } from "../watch/process-series.ts"
import { openTracer } from "../watch/tracing.ts"
import { Worker } from "../work/worker.ts"
import { demoSale } from "./demo.ts"
import { assertPortFree } from "./port.ts"
import { assertFit, openStores } from "./stores.ts"
import { listenAsWorker } from "./worker-server.ts"

/** How long what is under way may take once it is told to stop; a store that hangs must not hold it up. */
const STOP_MAX_MS = 5000

/** One worker of the stack, until it is told to stop. Store and ledger may be away at any time, from the start. */
export async function worker(config: Config): Promise<void> {
  const { host, port, nodeId, otlpEndpoint: endpoint, traceShare: share, inventory: settings } = config
  await assertPortFree(host, port)
  const log = openLog(config.logLevel, nodeId)
  const { inventory, ledger } = openStores(config)
  await assertFit(ledger, log)
  const tracer = await openTracer({ endpoint, share, service: "doorbuster-worker", nodeId, store: settings.store, log })
  const firstSale = config.demo ? demoSale(Date.now()) : undefined
  const running = new Worker({ inventory, ledger, tracer, log, firstSale })
  const own = new ProcessSeries()
  const series = async () => [...(await running.series()), ...own.series()]
  const stopListening = await listenAsWorker({ obstacle: () => running.obstacle, series }, host, port)
  log.info({ port }, "worker is listening")

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    await Promise.race([running.stop(), new Promise(late => setTimeout(late, STOP_MAX_MS))])
    await stopListening()
    const closed = Promise.allSettled([inventory.close(), ledger.close(), tracer.close()])
    await Promise.race([closed, new Promise(late => setTimeout(late, STOP_MAX_MS))])
    process.exit(0)
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop)
}
