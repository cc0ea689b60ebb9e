import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { STORE_RULES } from "../../deploy/container/store-access.ts"
import type { Limits } from "../../deploy/nginx/render.ts"
import { ensurePages, PAGES_FOLDER } from "../../src/http/pages.ts"
import { eventually } from "./eventually.ts"
import { Nginx } from "./nginx.ts"
import { Cluster } from "./postgres.ts"
import { REDIS } from "./programs.ts"
import { Server } from "./server.ts"
import { ADMIN_TOKEN, SESSION_SECRET, Site } from "./site.ts"
import { freePort } from "./system.ts"

const ROOT = resolve(import.meta.dir, "../..")
const STORE_USER = "doorbuster"
const STORE_PASSWORD = "the-store-of-the-tests"
/** Everything starts at once on a machine that may be busy. */
const READY_MAX_MS = 60_000

export interface StackOptions {
  replicas?: number
  /** Settings of every replica and of the worker, beside those that they need. */
  env?: Record<string, string>
  /** In front of the replicas, without limits unless they are given. */
  nginx?: boolean | Partial<Limits>
  /** Replicas and worker run under their keepers, as in containers. */
  keep?: boolean
}

interface Parts {
  folder: string
  redis: Server
  redisUrl: string
  postgres: Cluster
  worker: Server
  workerUrl: string
  replicas: Server[]
  /** Where each replica serves everything, and where it serves the shop alone. */
  urls: string[]
  publicUrls: string[]
}

/** The full stack as plain processes: Redis, PostgreSQL, replicas, a worker and, if wanted, nginx. */
export class NativeStack extends Site {
  #nginx: Nginx | undefined

  private constructor(private readonly parts: Parts) {
    super()
  }

  static async start(options: StackOptions = {}): Promise<NativeStack> {
    // Otherwise all replicas would build the missing files at the same time.
    if (!existsSync(join(PAGES_FOLDER, "index.html"))) await ensurePages()
    const parts = await partsOf(options)
    const stack = new NativeStack(parts)
    try {
      await stack.#open(options.nginx)
      await stack.ready()
      return stack
    } catch (error) {
      const states = await Promise.all([stack.workerUrl, ...stack.urls].map(readiness))
      const { logs } = stack
      await stack.stop()
      throw new Error([(error as Error).message, ...states, logs].join("\n"))
    }
  }

  async #open(limits: StackOptions["nginx"]): Promise<void> {
    if (!limits) return
    const [upstreams, operatorsUpstreams] = [this.parts.publicUrls, this.parts.urls].map(urls =>
      urls.map(url => Number(new URL(url).port)),
    )
    this.#nginx = await Nginx.start({
      upstreams: upstreams ?? [],
      operatorsUpstreams,
      limits: limits === true ? { LIMITS: "off" } : limits,
    })
  }

  /** The URL that serves everything: nginx's operators' port, or the first replica. */
  get url(): string {
    return this.#nginx?.operatorsUrl ?? this.urls[0]!
  }

  /** The URL for buyers: nginx's public port, or the first replica. */
  get publicUrl(): string {
    return this.#nginx?.url ?? this.parts.publicUrls[0]!
  }

  get folder(): string {
    return this.parts.folder
  }

  get nginx(): Nginx | undefined {
    return this.#nginx
  }

  /** `kill()` and `start()` keep its data. */
  get redis(): Server {
    return this.parts.redis
  }

  get redisUrl(): string {
    return this.parts.redisUrl
  }

  get postgres(): Cluster {
    return this.parts.postgres
  }

  get worker(): Server {
    return this.parts.worker
  }

  get workerUrl(): string {
    return this.parts.workerUrl
  }

  /** `node-1`, `node-2` and so on; with `keep` these are the keepers. */
  get replicas(): readonly Server[] {
    return this.parts.replicas
  }

  get urls(): readonly string[] {
    return this.parts.urls
  }

  /** The same replicas' ports for buyers. */
  get publicUrls(): readonly string[] {
    return this.parts.publicUrls
  }

  /** Every replica sells. */
  async ready(): Promise<void> {
    await Promise.all(this.urls.map(url => eventually(`${url} is ready`, () => isReady(url), READY_MAX_MS)))
  }

  /** The output of all processes, for a failure message. */
  get logs(): string {
    const all = [this.redis, this.worker, ...this.replicas]
    return all.map(({ name, log }) => `--- ${name}\n${log.slice(-4000)}`).join("\n")
  }

  /** Ends everything that this started, in order, and deletes what it kept. */
  async stop(): Promise<void> {
    await this.#nginx?.stop()
    await Promise.all(this.replicas.map(replica => replica.stop()))
    await this.worker.stop()
    await Promise.all([this.redis.kill(), this.postgres[Symbol.asyncDispose]()])
    rmSync(this.folder, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** Starts them all. */
async function partsOf({ replicas = 3, env = {}, keep, nginx }: StackOptions): Promise<Parts> {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-stack-"))
  const [postgres, redisPort, workerPort] = await Promise.all([Cluster.start(), freePort(), freePort()])
  const ports = await Promise.all(Array.from({ length: replicas }, freePort))
  const publicPorts = await Promise.all(Array.from({ length: replicas }, freePort))
  const redisUrl = `redis://127.0.0.1:${redisPort}`
  const common = {
    ...process.env,
    DATA_DIR: folder,
    // As in compose.yaml, so that every test of the whole stack shows that these rights are enough.
    INVENTORY_URL: redisUrl.replace("//", `//${STORE_USER}:${STORE_PASSWORD}@`),
    LEDGER_URL: postgres.url,
    SESSION_SECRET,
    ADMIN_TOKEN,
    DEMO: "0",
    LOG_LEVEL: "warn",
    ARRIVAL_STAMP: nginx ? "on" : "off",
    ...env,
  }
  const role = (name: string, role: string, port: number, more: Record<string, string> = {}) => {
    const command = [process.execPath, join(ROOT, "src/main.ts"), role, ...(keep ? ["--keep"] : [])]
    return new Server(name, command, join(folder, `${name}.log`), {
      ...common,
      ...more,
      PORT: String(port),
      NODE_ID: name,
    })
  }
  const parts: Parts = {
    folder,
    redis: new Server("redis", redisCommand(redisPort, join(folder, "redis")), join(folder, "redis.log")),
    redisUrl,
    postgres,
    worker: role("worker", "worker", workerPort),
    workerUrl: `http://127.0.0.1:${workerPort}`,
    replicas: publicPorts.map((port, at) =>
      role(`node-${at + 1}`, "serve", port, { OPERATORS_PORT: String(ports[at]) }),
    ),
    urls: ports.map(port => `http://127.0.0.1:${port}`),
    publicUrls: publicPorts.map(port => `http://127.0.0.1:${port}`),
  }
  for (const server of [parts.redis, parts.worker, ...parts.replicas]) server.start()
  return parts
}

/** With the settings that correctness needs. */
function redisCommand(port: number, data: string): string[] {
  mkdirSync(data)
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    dir: data,
    appendonly: "yes",
    appendfsync: "always",
    "no-appendfsync-on-rewrite": "no",
    "maxmemory-policy": "noeviction",
    save: "",
  }
  const user = ["--user", STORE_USER, "on", `>${STORE_PASSWORD}`, ...STORE_RULES]
  return [REDIS.path, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]), ...user]
}

async function isReady(url: string): Promise<boolean> {
  return (await readiness(url)).startsWith("200")
}

/** The status that a replica or a worker reports. */
async function readiness(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/readyz`, { headers: { Connection: "close" } })
    return `${response.status} ${await response.text()}`
  } catch (error) {
    return (error as Error).message
  }
}
