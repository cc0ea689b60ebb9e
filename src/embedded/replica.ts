import { join } from "node:path"
import { type Config, ConfigError } from "../config/config.ts"
import { clockObstacle } from "../core/ports/clock.ts"
import type { Nodes } from "../core/ports/nodes.ts"
import { createContext } from "../http/context.ts"
import { PAGES_FOLDER } from "../http/pages.ts"
import { type Listening, listen } from "../http/server.ts"
import { openLog } from "../observability/log.ts"
import { ReplicaMetrics } from "../observability/replica-metrics.ts"
import { openTracer } from "../observability/tracing.ts"
import { HEARTBEAT_MS } from "../processes/child-process.ts"
import { systemTime, type Time } from "../runtime/time.ts"
import { FileProofs, PROOFS_FOLDER } from "./file-proofs.ts"
import { IpcInventory } from "./ipc/inventory.ts"
import { type Port, SERIES_EVERY_MS, type ToReplica, type ToSupervisor } from "./ipc/protocol.ts"
import type { Records } from "./ipc/server.ts"

/** Its memory is read once a second, because the system takes a while to tell it. */
const MEMORY_EVERY_BEATS = 1000 / HEARTBEAT_MS

/** Runs one replica under a supervisor, then ends the process. It holds nothing that a crash could lose. */
export async function runReplica(config: Config, time = systemTime): Promise<void> {
  const send = process.send?.bind(process)
  if (!send) throw new ConfigError("serve is started by a supervisor; start the system with: doorbuster up")
  const supervisor: Port<ToSupervisor> = { send: message => void send(message) }
  // Without its supervisor a replica can decide nothing. The next supervisor starts replicas of its own.
  process.on("disconnect", () => process.exit(1))
  // The supervisor stops its replicas in order, so a Ctrl-C that reaches the whole process group is ignored here.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {})
  try {
    await serve(config, supervisor, time)
    process.exit(0)
  } catch (error) {
    supervisor.send({ type: "failed", reason: (error as Error).message })
    process.exit(1)
  }
}

/** Serves until the supervisor asks this replica to drain; resolves when everything is closed. */
async function serve(config: Config, supervisor: Port<ToSupervisor>, time: Time): Promise<void> {
  const { nodeId, otlpEndpoint: endpoint, traceShare: share } = config
  const inventory = new IpcInventory(supervisor, time)
  const metrics = new ReplicaMetrics(nodeId)
  const sendSeries = (id?: number) =>
    supervisor.send({ type: "series", series: metrics.collect(), ...(id !== undefined && { id }) })
  const begin = Promise.withResolvers<string>()
  const drain = Promise.withResolvers<undefined>()
  let isDraining = false
  process.on("message", (message: ToReplica) => {
    if (inventory.receive(message)) return
    if (message.type === "begin") begin.resolve(message.systemId)
    if (message.type === "collect") sendSeries(message.id)
    if (message.type !== "drain") return
    isDraining = true
    drain.resolve(undefined)
  })
  const systemId = await Promise.race([begin.promise, drain.promise])
  if (isDraining) return

  await using parts = new AsyncDisposableStack()
  parts.use(metrics)
  metrics.start()
  const log = openLog(config.logLevel, nodeId)
  const store = config.inventory.store
  const service = "doorbuster-replica"
  const tracer = parts.use(await openTracer({ endpoint, share, service, nodeId, store, log }))
  // Sent after the last answer, so that a replica that drains loses no count.
  parts.defer(() => sendSeries())
  const context = createContext(config, {
    inventory,
    metrics,
    tracer,
    log,
    ...remote(inventory),
    proofs: new FileProofs(join(config.dataDir, PROOFS_FOLDER)),
    isOpen: () => !isDraining,
    systemId: () => systemId,
    async obstacle() {
      await inventory.sales()
      return clockObstacle(await inventory.clock())
    },
  })
  let listening: Listening | undefined
  parts.use(time.every(SERIES_EVERY_MS, () => sendSeries()))
  let memoryBytes = 0
  let beats = 0
  // A replica that drains still sends heartbeats: it may take longer than one that hangs may live.
  parts.use(
    time.every(HEARTBEAT_MS, () => {
      if (beats++ % MEMORY_EVERY_BEATS === 0) memoryBytes = process.memoryUsage.rss()
      supervisor.send({ type: "heartbeat", memoryBytes, requests: listening?.requests() ?? 0 })
    }),
  )
  context.saleCache.start()
  await inventory.synchronize()
  listening = listen(context, PAGES_FOLDER, config)
  parts.adopt(listening, server => server.stop())
  supervisor.send({ type: "ready" })
  await drain.promise
}

/** What the supervisor keeps. */
function remote(inventory: IpcInventory): { nodes: Nodes } & Records {
  return {
    nodes: {
      hasDrills: true,
      nodes: () => inventory.call("nodes"),
      // JSON turns undefined into null, which is no pid.
      kill: (nodeId, pid) => (pid === undefined ? inventory.call("kill", nodeId) : inventory.call("kill", nodeId, pid)),
      drain: nodeId => inventory.call("drain", nodeId),
      metrics: () => inventory.call("metrics"),
      allMetrics: () => inventory.call("allMetrics"),
    },
    logbook: {
      enter: entry => inventory.call("enter", entry),
      entries: () => inventory.call("entries"),
      addFailures: rows => inventory.call("addFailures", rows),
      failures: () => inventory.call("failures"),
    },
    seals: { pageAfter: async (saleId, after) => (await inventory.call("sealsAfter", saleId, after)) ?? undefined },
    credentials: {
      credentials: () => inventory.call("credentials"),
      addCredential: credential => inventory.call("addCredential", credential),
      revokeCredential: name => inventory.call("revokeCredential", name),
      endSession: (session, now) => inventory.call("endSession", session, now),
    },
  }
}
