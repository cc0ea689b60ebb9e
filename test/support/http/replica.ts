import { readConfig } from "../../../src/config/config.ts"
import type { Inventory } from "../../../src/core/ports/inventory.ts"
import { type ContextParts, createContext } from "../../../src/http/context.ts"
import { type Listening, listen } from "../../../src/http/server.ts"
import { openLog } from "../../../src/observability/log.ts"
import { ReplicaMetrics } from "../../../src/observability/replica-metrics.ts"
import { NO_TRACER } from "../../../src/observability/tracer.ts"
import { ADMIN_TOKEN, freePort, SESSION_SECRET } from "../system.ts"

/** A replica in this process, before any inventory. */
export class TestReplica implements AsyncDisposable {
  private constructor(
    readonly port: number,
    readonly metrics: ReplicaMetrics,
    private readonly server: Listening,
  ) {}

  static async start(inventory: Inventory): Promise<TestReplica> {
    const metrics = new ReplicaMetrics("node-1")
    const config = readConfig({ SESSION_SECRET, ADMIN_TOKEN })
    const none = async () => []
    const parts = {
      inventory,
      nodes: { hasDrills: false, nodes: none, metrics: async () => "", allMetrics: async () => "" },
      logbook: { enter: async () => {}, entries: none },
      credentials: { list: none, all: none, read: none },
      metrics,
      tracer: NO_TRACER,
      log: openLog("silent"),
      proofs: { of: async () => undefined },
      isOpen: () => true,
      systemId: () => "test",
      obstacle: async () => undefined,
    } as unknown as ContextParts
    const context = createContext(config, parts)
    context.saleCache.start()
    const [host, port] = ["127.0.0.1", await freePort()]
    const server = listen(context, "/nowhere", { host, port, operatorsHost: host, operatorsPort: undefined })
    return new TestReplica(port, metrics, server)
  }

  get url(): string {
    return this.server.url
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop()
    this.metrics[Symbol.dispose]()
  }
}
