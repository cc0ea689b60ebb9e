import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@redis/client"
import { eventually } from "./eventually.ts"
import { REDIS } from "./programs.ts"
import { Server } from "./server.ts"
import { freePort } from "./system.ts"

/** The settings that the store requires, and no delays. */
const SETTINGS = {
  appendonly: "yes",
  appendfsync: "always",
  "no-appendfsync-on-rewrite": "no",
  "maxmemory-policy": "noeviction",
  save: "",
  "enable-debug-command": "yes",
  "repl-diskless-sync-delay": "0",
}

export interface RedisServerOptions {
  /** Instead of, or beside, those that the store insists on. */
  settings?: Record<string, string>
  /** Of a container that runs instead of redis-server: its entry point takes the same settings. */
  image?: string
  /** Where the data lies, when a test needs a disk of its own. */
  folder?: string
}

/** A Redis of a test, on a free port with its own data folder. */
export class RedisServer {
  #server: Server
  readonly #container = `${process.env.TEST_PLACE ?? "doorbuster-test"}-${crypto.randomUUID()}`

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly options: RedisServerOptions,
  ) {
    this.#server = this.#make()
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = options.folder ?? memoryFolder("doorbuster-redis-")
    const server = new RedisServer(await freePort(), folder, options)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#server.pid
  }

  get isRunning(): boolean {
    return this.#server.isRunning
  }

  get log(): string {
    return this.#server.log
  }

  /** Starts it, again too; resolves when it answers. */
  async start(settings: Record<string, string> = {}): Promise<void> {
    this.#server = this.#make(settings)
    this.#server.start()
    const { requirepass } = { ...this.options.settings, ...settings }
    await eventually(`redis-server answers: ${this.log}`, async () => {
      if (!this.isRunning) throw new Error(`redis-server ended: ${this.log}`)
      const auth = requirepass ? { password: requirepass } : {}
      return command(this.port, auth, "PING").then(
        () => true,
        () => false,
      )
    })
  }

  async kill(): Promise<void> {
    if (this.options.image)
      Bun.spawnSync(["docker", "kill", this.#container], { stdio: ["ignore", "ignore", "ignore"] })
    await (this.options.image ? this.#server.stop() : this.#server.kill())
  }

  /** As after a crash, with what it kept. */
  async restart(settings?: Record<string, string>): Promise<void> {
    await this.kill()
    await this.start(settings)
  }

  async pause(): Promise<void> {
    process.kill(this.pid, "SIGSTOP")
  }

  async resume(): Promise<void> {
    process.kill(this.pid, "SIGCONT")
  }

  command(...args: string[]): Promise<unknown> {
    return command(this.port, {}, ...args)
  }

  /** Empty, as if it had never been used: keys, functions, and what the functions remember. */
  async wipe(): Promise<void> {
    await this.command("FLUSHALL")
    await this.command("FUNCTION", "FLUSH")
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #make(settings: Record<string, string> = {}): Server {
    const all = { ...SETTINGS, ...this.options.settings, ...settings, bind: "127.0.0.1", port: String(this.port) }
    const { image } = this.options
    const args = Object.entries({ ...all, dir: image ? "/data" : this.folder }).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ])
    const log = join(this.folder, "log")
    if (!image) return new Server("redis", [REDIS.path, ...args], log)
    const mounted = ["--network", "host", "--volume", `${this.folder}:/data`]
    const container = [
      "docker",
      "run",
      "--rm",
      "--name",
      this.#container,
      ...mounted,
      "--entrypoint",
      "valkey-server",
      image,
    ]
    return new Server("valkey", [...container, ...args], log)
  }
}

/** One command over a connection of its own. */
export async function command(
  port: number,
  auth: { username?: string; password?: string },
  ...args: string[]
): Promise<unknown> {
  const socket = { host: "127.0.0.1", port, reconnectStrategy: false as const }
  const client = createClient({ RESP: 2, socket, ...auth, maintNotifications: "disabled" })
  client.on("error", () => {})
  try {
    await client.connect()
    return await client.sendCommand(args)
  } finally {
    client.destroy()
  }
}

/** In memory where there is such a place: what these tests look at is order, not the disk. */
export function memoryFolder(prefix: string): string {
  return mkdtempSync(join(process.env.TEST_MEMORY ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir()), prefix))
}
