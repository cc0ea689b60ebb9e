import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { type Limits, renderNginx } from "../../deploy/nginx/render.ts"
import { ensurePages } from "../../src/roles/pages.ts"
import { eventually } from "../crash/eventually.ts"
import { Cluster } from "./postgres.ts"
import { Server } from "./server.ts"
import { ADMIN_TOKEN, SESSION_SECRET, Site } from "./site.ts"
import { freePort } from "./system.ts"

const ROOT = resolve(import.meta.dir, "../..")
/** Everything starts at once on a machine that may be busy. */
const READY_MAX_MS = 60_000

export interface StackOptions {
  replicas?: number
  /** Settings of every replica and of the worker, beside those that they need. */
  env?: Record<string, string>
  /** In front of the replicas; `url` is then its operators' port. */
  nginx?: boolean | Partial<Limits>
  /** Replicas and worker run under their keepers, as in containers. */
  keep?: boolean
}

/** The full stack as plain processes: Redis, PostgreSQL, replicas, a worker and, if wanted, nginx. */
export class NativeStack extends Site {
  readonly folder = mkdtempSync(join(tmpdir(), "doorbuster-stack-"))
  redis!: Server
  postgres!: Cluster
  worker!: Server
  workerUrl = ""
  readonly replicas: Server[] = []
  /** Where each replica listens. */
  readonly urls: string[] = []
  nginx: Server | undefined
  /** Where buyers knock: nginx's public port, or the first replica. */
  publicUrl = ""
  url = ""
  redisPort = 0

  private constructor(private readonly options: StackOptions) {
    super()
  }

  static async start(options: StackOptions = {}): Promise<NativeStack> {
    const stack = new NativeStack(options)
    try {
      await stack.#start()
    } catch (error) {
      const logs = stack.logs
      await stack.stop()
      throw new Error(`${(error as Error).message}\n${logs}`)
    }
    return stack
  }

  async #start(): Promise<void> {
    const [postgres] = await Promise.all([Cluster.start(), this.#startRedis(), ensurePages()])
    this.postgres = postgres
    const { replicas = 3, nginx } = this.options
    const ports = await Promise.all(Array.from({ length: replicas + 1 }, freePort))
    const workerPort = ports.pop()!
    this.workerUrl = `http://127.0.0.1:${workerPort}`
    this.worker = this.#role("worker", "worker", workerPort)
    for (const [at, port] of ports.entries()) {
      this.replicas.push(this.#role(`node-${at + 1}`, "serve", port))
      this.urls.push(`http://127.0.0.1:${port}`)
    }
    if (nginx) await this.#startNginx(ports, nginx === true ? { LIMITS: "off" } : nginx)
    else this.url = this.publicUrl = this.urls[0] ?? ""
    for (const server of [this.worker, ...this.replicas]) server.start()
    await this.ready()
  }

  /** Every replica sells. */
  async ready(): Promise<void> {
    await Promise.all(this.urls.map(url => eventually(`${url} is ready`, () => isReady(url), READY_MAX_MS)))
  }

  /** As it was started; its data is where it was. */
  restartRedis(): void {
    this.redis.start()
  }

  get redisUrl(): string {
    return `redis://127.0.0.1:${this.redisPort}`
  }

  /** What everybody printed, for when something fails. */
  get logs(): string {
    const all = [this.redis, this.worker, ...this.replicas, this.nginx].filter(server => server !== undefined)
    return all.map(({ name, log }) => `--- ${name}\n${log.slice(-4000)}`).join("\n")
  }

  /** Ends everything that this started, in order, and deletes what it kept. */
  async stop(): Promise<void> {
    await this.nginx?.stop()
    await Promise.all(this.replicas.map(replica => replica.stop()))
    await this.worker?.stop()
    await Promise.all([this.redis?.kill(), this.postgres?.[Symbol.asyncDispose]()])
    rmSync(this.folder, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #role(name: string, role: "serve" | "worker", port: number): Server {
    const env = {
      ...process.env,
      PORT: String(port),
      NODE_ID: name,
      DATA_DIR: this.folder,
      INVENTORY_URL: this.redisUrl,
      LEDGER_URL: this.postgres.url,
      SESSION_SECRET,
      ADMIN_TOKEN,
      DEMO: "0",
      LOG_LEVEL: "warn",
      ...this.options.env,
    }
    const command = [process.execPath, join(ROOT, "src/main.ts"), role, ...(this.options.keep ? ["--keep"] : [])]
    return new Server(name, command, join(this.folder, `${name}.log`), env)
  }

  async #startRedis(): Promise<void> {
    this.redisPort = await freePort()
    const data = join(this.folder, "redis")
    mkdirSync(data)
    const settings = `--port ${this.redisPort} --bind 127.0.0.1 --dir ${data} --appendonly yes --appendfsync always`
    const more = ["--no-appendfsync-on-rewrite", "no", "--maxmemory-policy", "noeviction", "--save", ""]
    const command = ["redis-server", ...settings.split(" "), ...more]
    this.redis = new Server("redis", command, join(this.folder, "redis.log"))
    this.redis.start()
  }

  async #startNginx(upstreams: number[], limits: Partial<Limits>): Promise<void> {
    const folder = join(this.folder, "nginx")
    mkdirSync(folder)
    const [port, operatorsPort] = [await freePort(), await freePort()]
    const file = renderNginx({ folder, port, operatorsPort, upstreams, limits })
    this.nginx = new Server("nginx", ["nginx", "-c", file, "-e", join(folder, "nginx.log")], join(folder, "start.log"))
    this.nginx.start()
    this.publicUrl = `http://127.0.0.1:${port}`
    this.url = `http://127.0.0.1:${operatorsPort}`
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}
