import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import pg from "pg"
import { eventually } from "./eventually.ts"
import { isGone } from "./processes.ts"
import { postgresProgram } from "./programs.ts"
import { memoryFolder } from "./redis.ts"
import { freePort } from "./system.ts"

const IS_ROOT = process.getuid?.() === 0
/** PostgreSQL refuses to run as root. */
const AS_POSTGRES = IS_ROOT ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
/** It ends with the test that started it, however that one ends. */
const START = Bun.which("setpriv") ? ["setpriv", "--pdeathsig=QUIT", ...AS_POSTGRES, "--"] : []
const USER = "doorbuster"
const PASSWORD = "the ledger of the tests"
const READY_MAX_MS = 60_000

export interface ClusterOptions {
  /** Further settings, as `name=value`. */
  settings?: string[]
  /** Where the data lies, when a test needs a disk of its own. */
  folder?: string
}

/** A PostgreSQL server of a test, on a free port with its own data folder. */
export class Cluster {
  #child: Bun.Subprocess | undefined
  #databases = 0

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly settings: string[],
  ) {}

  static async start({ settings = [], folder }: ClusterOptions = {}): Promise<Cluster> {
    const root = folder ?? temporary("doorbuster-postgres-")
    await copyTemplate(join(root, "data"))
    const cluster = new Cluster(await freePort(), root, settings)
    try {
      await cluster.start()
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
    return cluster
  }

  get url(): string {
    return this.urlAt(this.port)
  }

  get pid(): number {
    return this.#child!.pid
  }

  /** As seen through another port. */
  urlAt(port: number, database = "postgres"): string {
    return `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`
  }

  /** Starts it, again too; `settings` replaces those it was made with. */
  async start(settings = this.settings): Promise<void> {
    const options = ["listen_addresses=127.0.0.1", `port=${this.port}`, "unix_socket_directories=", ...settings]
    this.#child = Bun.spawn(
      [
        ...START,
        postgresProgram("postgres"),
        "-D",
        join(this.folder, "data"),
        ...options.flatMap(line => ["-c", line]),
      ],
      { stdio: ["ignore", "ignore", Bun.file(join(this.folder, "log"))] },
    )
    const { exited } = this.#child
    let ended: number | undefined
    exited.then(code => {
      ended = code
    })
    await eventually(
      "PostgreSQL answers",
      () => {
        if (ended !== undefined) throw new Error(`PostgreSQL ended with ${ended}: ${this.log()}`)
        return this.query("SELECT 1").catch(() => undefined)
      },
      READY_MAX_MS,
    )
  }

  /** One statement on a connection of its own. */
  async query(sql: string, values: unknown[] = [], url = this.url): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    client.on("error", () => {})
    await client.connect()
    try {
      return (await client.query(sql, values)).rows
    } finally {
      await client.end()
    }
  }

  /** An empty database of its own; returns its name. */
  async createDatabase(): Promise<string> {
    const name = `ledger_${++this.#databases}`
    await this.query(`CREATE DATABASE ${name}`)
    return name
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** As an operator stops it: clients are thrown out, everything is written. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGINT")
    await this.#child?.exited
  }

  /** As a crash ends it: every process of it at once. */
  async kill(): Promise<void> {
    const { pid } = this.#child!
    const family = [pid, ...childrenOf(pid)]
    for (const member of family) if (!isGone(member)) process.kill(member, "SIGKILL")
    await this.#child!.exited
    for (const member of family) await eventually(`process ${member} is gone`, () => isGone(member))
  }

  log(): string {
    return existsSync(join(this.folder, "log")) ? readFileSync(join(this.folder, "log"), "utf8") : ""
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
    await leaveTemplate()
  }
}

/** `initdb` takes a second; a copy of its result a tenth of it. It is kept while any cluster lives. */
const template = { users: 0, root: undefined as Promise<string> | undefined }

async function copyTemplate(to: string): Promise<void> {
  template.users++
  template.root ??= initialise()
  cpSync(join(await template.root, "data"), to, { recursive: true, preserveTimestamps: true })
  await run([...(IS_ROOT ? ["chown", "-R", "postgres:postgres", to] : ["true"])])
  chmodSync(to, 0o700)
}

async function leaveTemplate(): Promise<void> {
  if (--template.users > 0 || !template.root) return
  const root = await template.root
  template.root = undefined
  rmSync(root, { recursive: true, force: true })
}

async function initialise(): Promise<string> {
  const root = temporary("doorbuster-initdb-")
  const passwords = join(root, "password")
  await Bun.write(passwords, PASSWORD)
  const options = [
    `--username=${USER}`,
    "--auth=scram-sha-256",
    `--pwfile=${passwords}`,
    "--encoding=UTF8",
    "--locale=C",
  ]
  await run([...START, postgresProgram("initdb"), "--no-sync", "-D", join(root, "data"), ...options])
  return root
}

/** A folder that PostgreSQL's user may use, in memory where there is such a place. */
function temporary(prefix: string): string {
  const path = memoryFolder(prefix)
  chmodSync(path, 0o777)
  return path
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdio: ["ignore", "ignore", "pipe"] })
  const [errors, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${errors}`)
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number)
}
