import { rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { RedisInventory } from "../../../src/stack/redis/inventory.ts"
import { eventually } from "../../support/eventually.ts"
import { Cluster } from "../../support/postgres.ts"
import { memoryFolder, RedisServer } from "../../support/redis.ts"
import { Server } from "../../support/server.ts"
import { ADMIN_TOKEN, SESSION_SECRET } from "../../support/site.ts"
import { LEASE_MS } from "../../support/stores/redis-kinds.ts"
import { Shop } from "../../support/stores/shop.ts"
import { freePort } from "../../support/system.ts"

const MAIN = resolve(import.meta.dir, "../../../src/main.ts")

/** A worker as operators start it. */
export interface WorkerProcess {
  server: Server
  url: string
}

/** A Redis, a PostgreSQL, and workers that are processes of their own. */
export class WorkerProcesses {
  readonly #servers: Server[] = []

  private constructor(
    readonly redis: RedisServer,
    readonly cluster: Cluster,
    private readonly folder: string,
  ) {}

  static async start(): Promise<WorkerProcesses> {
    const [redis, cluster] = await Promise.all([RedisServer.start(), Cluster.start()])
    return new WorkerProcesses(redis, cluster, memoryFolder("doorbuster-processes-"))
  }

  /** Starts a worker, or a replica; `env` goes beyond what it needs. */
  async worker(env: Record<string, string> = {}, role: "worker" | "serve" = "worker"): Promise<WorkerProcess> {
    const port = await freePort()
    const name = `${role}-${this.#servers.length + 1}`
    const server = new Server(name, [process.execPath, MAIN, role], join(this.folder, `${name}.log`), {
      ...process.env,
      INVENTORY_URL: this.redis.url,
      LEDGER_URL: this.cluster.url,
      SESSION_SECRET,
      ADMIN_TOKEN,
      DEMO: "0",
      NODE_ID: name,
      PORT: String(port),
      ...env,
    })
    this.#servers.push(server)
    server.start()
    return { server, url: `http://127.0.0.1:${port}` }
  }

  /** A worker that is ready. */
  async ready(env: Record<string, string> = {}): Promise<WorkerProcess> {
    const worker = await this.worker(env)
    await eventually(`${worker.server.name} is ready`, () => isReady(worker))
    return worker
  }

  /** The one of these that leads. */
  leader(workers: readonly WorkerProcess[]): Promise<WorkerProcess> {
    return eventually("one leads", async () => {
      for (const worker of workers) if ((await series(worker)).includes("\nflash_sale_worker_leads 1\n")) return worker
      return undefined
    })
  }

  /** A shop over the Redis, as a replica would use it. */
  async shop(): Promise<Shop> {
    const inventory = new RedisInventory({ url: this.redis.url, leaseMs: LEASE_MS })
    inventory.start()
    await inventory.connected()
    return new Shop({ inventory, setClock: () => {}, close: () => inventory[Symbol.asyncDispose]() }, Date.now())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map(server => server.kill()))
    await Promise.all([this.redis.stop(), this.cluster[Symbol.asyncDispose]()])
    rmSync(this.folder, { recursive: true })
  }
}

async function isReady({ url }: WorkerProcess): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** A worker that is frozen answers nothing. */
export async function series({ url }: WorkerProcess): Promise<string> {
  return fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2000) }).then(
    response => response.text(),
    () => "",
  )
}
