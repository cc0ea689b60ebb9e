import { type Config, ConfigError } from "../config.ts"
import { Batcher } from "../core/batcher.ts"
import type { Fleet } from "../core/fleet.ts"
import { Access } from "../http/access.ts"
import { Board } from "../http/board.ts"
import type { Door } from "../http/door.ts"
import { Identity } from "../http/identity.ts"
import { LiveStream } from "../http/live.ts"
import { Replies } from "../http/replies.ts"
import { type Listening, listen } from "../http/server.ts"
import { BEAT_MS, REPORT_MS, type ToReplica } from "../up/messages.ts"
import { RemoteInventory } from "../up/remote-inventory.ts"
import { openLog } from "../watch/log.ts"
import { Metrics } from "../watch/metrics.ts"
import { during, NO_TRACER, openTracer } from "../watch/tracing.ts"
import { auditor } from "./auditor.ts"
import { PAGES_FOLDER } from "./pages.ts"

/** One replica under a supervisor: it holds nothing that cannot be lost. */
export async function serve(config: Config): Promise<void> {
  if (!process.send) throw new ConfigError("serve is started by a supervisor; start the system with: doorbuster up")
  const channel = { send: (message: unknown) => void process.send!(message) }
  const inventory = new RemoteInventory(channel)
  const metrics = new Metrics(config.nodeId)
  const door = openDoor(config, inventory, metrics)
  const begun = Promise.withResolvers<void>()
  let open = true
  let listening: Listening | undefined
  door.isOpen = () => open

  const report = (id?: number) => channel.send({ type: "report", id, series: metrics.series() })
  const drain = async () => {
    if (!open) return
    open = false
    await listening?.stop()
    report()
    await door.tracer.close()
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
  door.tracer = await openTracer({
    endpoint: config.otlpEndpoint,
    share: config.traceShare,
    service: "doorbuster-replica",
    nodeId: config.nodeId,
    store: config.inventory.store,
    log: door.log,
  })
  listening = listen(door, PAGES_FOLDER, config.host, config.port)
  channel.send({ type: "ready" })
  setInterval(() => {
    channel.send({ type: "beat", memoryBytes: process.memoryUsage.rss(), requests: listening!.requests() })
  }, BEAT_MS)
  setInterval(() => report(), REPORT_MS)
}

function openDoor(config: Config, inventory: RemoteInventory, metrics: Metrics): Door {
  const board = new Board(inventory)
  const fleet: Fleet = {
    nodes: () => inventory.call("nodes"),
    kill: nodeId => inventory.call("kill", nodeId),
    metrics: () => inventory.call("metrics"),
  }
  const batcher = new Batcher({
    async call(batch) {
      const started = performance.now()
      const answers = await during(door.tracer.storeCall(batch), inventory.decide(batch))
      metrics.storeCall((performance.now() - started) / 1000)
      return answers
    },
    now: Date.now,
    soon: setImmediate,
    sized: attempts => metrics.batch(attempts),
  })
  const door: Door = {
    inventory,
    fleet,
    batcher,
    board,
    metrics,
    tracer: NO_TRACER,
    live: new LiveStream(board),
    access: new Access(new Identity(config.sessionSecret!), config.adminToken!),
    replies: new Replies(config.nodeId),
    log: openLog(config.logLevel, config.nodeId),
    audit: auditor(inventory),
    isOpen: () => true,
  }
  return door
}
