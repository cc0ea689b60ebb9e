import { randomInt } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { ADMIN_TOKEN, SESSION_SECRET, Site } from "./site.ts"

const ROOT = resolve(import.meta.dir, "../..")
const READY_MAX_MS = 60_000

export { ADMIN_TOKEN, DEMO_SALE, SESSION_SECRET } from "./site.ts"

export interface SystemOptions {
  env?: Record<string, string>
  /** Keeps the data of an earlier system. */
  dataDir?: string
  port?: number
}

/** The embedded system as users start it, on a free port with its own data folder. */
export class System extends Site {
  private constructor(
    readonly url: string,
    readonly port: number,
    readonly dataDir: string,
    private readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">,
    private readonly output: { text: string },
    private readonly ownsData: boolean,
    private readonly opened: Promise<void>,
  ) {
    super()
  }

  /** Resolves once the system has said that it is open. */
  static async start(options: SystemOptions = {}): Promise<System> {
    const system = await System.launch(options)
    try {
      await system.open()
      return system
    } catch (error) {
      system.kill()
      throw error
    }
  }

  /** Resolves while the system is still starting. */
  static async launch(options: SystemOptions = {}): Promise<System> {
    const port = options.port ?? (await freePort())
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "doorbuster-test-"))
    const child = Bun.spawn(["node", "bin/doorbuster.mjs", "up"], {
      cwd: ROOT,
      env: {
        ...process.env,
        PORT: String(port),
        DATA_DIR: dataDir,
        SESSION_SECRET,
        ADMIN_TOKEN,
        LOG_LEVEL: "warn",
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const output = { text: "" }
    const ready = Promise.withResolvers<void>()
    const collect = async (stream: ReadableStream<Uint8Array>) => {
      const utf8 = new TextDecoder()
      for await (const chunk of stream) {
        output.text += utf8.decode(chunk, { stream: true })
        if (output.text.includes("Ctrl-C")) ready.resolve()
      }
    }
    void collect(child.stdout)
    void collect(child.stderr)
    child.exited.then(code => ready.reject(new Error(`the system ended with ${code}:\n${output.text}`)))
    ready.promise.catch(() => {})
    const ownsData = options.dataDir === undefined
    return new System(`http://127.0.0.1:${port}`, port, dataDir, child, output, ownsData, ready.promise)
  }

  /** Resolves once the system has said that it is open; rejects when it ends or takes too long. */
  async open(): Promise<void> {
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => late.reject(new Error(`not ready in time:\n${this.printed}`)), READY_MAX_MS)
    await Promise.race([this.opened, late.promise]).finally(() => clearTimeout(timer))
  }

  /** Kills the launcher. Its children then end as well. */
  kill(): void {
    this.child.kill("SIGKILL")
    if (this.ownsData) rmSync(this.dataDir, { recursive: true, force: true })
  }

  /** Whether the launcher, and so the system, still runs. */
  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Everything printed so far. */
  get printed(): string {
    return this.output.text
  }

  get pid(): number {
    return this.child.pid
  }

  get exited(): Promise<number> {
    return this.child.exited
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  async stop(): Promise<number> {
    this.child.kill("SIGTERM")
    const code = await this.child.exited
    if (this.ownsData) rmSync(this.dataDir, { recursive: true, force: true })
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** The launcher, the supervisor and the replicas that run right now. */
  async processTree(): Promise<number[]> {
    const tree = [this.pid]
    for (const pid of tree) tree.push(...(await childrenOf(pid)))
    return tree
  }
}

/** Connections that are made take theirs above this range: a server that is restarted finds its port free again. */
const [PORT_MIN, PORT_MAX] = [10_000, 32_000]

export async function freePort(): Promise<number> {
  const port = randomInt(PORT_MIN, PORT_MAX)
  return (await isPortFree(port)) ? port : freePort()
}

export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer()
  const isFree = await new Promise<boolean>(resolve => {
    server.once("error", () => resolve(false))
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(true))
  })
  if (isFree) await new Promise(closed => server.close(closed))
  return isFree
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await Bun.file(`/proc/${pid}/task/${pid}/children`)
    .text()
    .catch(() => "")
  return text.trim().split(" ").filter(Boolean).map(Number)
}
