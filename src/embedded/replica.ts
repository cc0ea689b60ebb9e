import { type Config, ConfigError } from "../config/config.ts"
import type { Logbook } from "../core/ports/logbook.ts"
import type { Nodes } from "../core/ports/nodes.ts"
import { PAGES_FOLDER } from "../http/built-pages.ts"
import { createContext } from "../http/context.ts"
import { type Listening, listen } from "../http/server.ts"
import { openLog } from "../observability/log.ts"
import { Metrics } from "../observability/metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { BEAT_MS } from "../processes/heartbeat.ts"
import { IpcInventory } from "./ipc/inventory.ts"
import { REPORT_MS, type ToReplica } from "./ipc/messages.ts"

/** One replica under a supervisor: it holds nothing that cannot be lost. */
export async function runReplica(config: Config): Promise<void> {
  if (!process.send) throw new ConfigError("serve is started by a supervisor; start the system with: doorbuster up")
  const channel = { send: (message: unknown) => void process.send!(message) }
  const inventory = new IpcInventory(channel)
  const metrics = new Metrics(config.nodeId)
  const begun = Promise.withResolvers<void>()
  let open = true
  let listening: Listening | undefined
  let endTracing = async () => {}

  const report = (id?: number) => channel.send({ type: "report", id, series: metrics.series() })
  const drain = async () => {
    if (!open) return
    open = false
    await listening?.stop()
    report()
    await endTracing()
    process.exit(0)
  }
  process.on("message", (message: ToReplica) => {
    if (inventory.receive(message)) return
    if (message.type === "begin") begun.resolve()
    if (message.type === "report") report(message.id)
    if (message.type === "drain") drain()
  })
  // Without its supervisor a replica can decide nothing; another is started with the next supervisor.
  process.on("disconnect", () => process.exit(1))
  // The supervisor stops its replicas in order; a signal to the whole group is not for them.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {})

  await begun.promise
  const log = openLog(config.logLevel, config.nodeId)
  const tracer = await openTracer({
    endpoint: config.otlpEndpoint,
    share: config.traceShare,
    service: "doorbuster-replica",
    nodeId: config.nodeId,
    store: config.inventory.store,
    log,
  })
  endTracing = () => tracer.close()
  const context = createContext(config, {
    inventory,
    metrics,
    tracer,
    log,
    ...remote(inventory),
    isOpen: () => open,
    async obstacle() {
      await inventory.sales()
      return undefined
    },
  })
  context.saleCache.start()
  listening = listen(context, PAGES_FOLDER, config.host, config.port)
  channel.send({ type: "ready" })
  setInterval(() => {
    channel.send({ type: "beat", memoryBytes: process.memoryUsage.rss(), requests: listening!.requests() })
  }, BEAT_MS)
  setInterval(() => report(), REPORT_MS)
}

function remote(inventory: IpcInventory): { nodes: Nodes; logbook: Logbook } {
  return {
    nodes: {
      hasDrills: true,
      nodes: () => inventory.call("nodes"),
      // What is undefined would arrive as null.
      kill: (nodeId, ...pid) => inventory.call("kill", nodeId, ...pid.filter(one => one !== undefined)),
      drain: nodeId => inventory.call("drain", nodeId),
      metrics: () => inventory.call("metrics"),
      allMetrics: () => inventory.call("metrics"),
    },
    logbook: { enter: entry => inventory.call("enter", entry), entries: () => inventory.call("entries") },
  }
}
