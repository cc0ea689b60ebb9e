import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { eventually } from "./eventually.ts"
import { PROMETHEUS } from "./programs.ts"
import { Server } from "./server.ts"
import { freePort } from "./system.ts"

const SOURCE = resolve(import.meta.dir, "../../deploy/prometheus")
const READY_MAX_MS = 60_000

/** Addresses to scrape, by job: in the stack DNS says where they are. */
export type Targets = Record<string, readonly string[]>

export interface Value {
  labels: Record<string, string>
  value: number
}

export interface Rule {
  name: string
  query: string
  type: "recording" | "alerting"
  health: string
  lastError?: string
}

/** A real Prometheus with the stack's own configuration and rules, and fixed targets. */
export class Prometheus {
  readonly #folder = mkdtempSync(join(tmpdir(), "doorbuster-prometheus-"))
  #server!: Server
  #url = ""

  static async start(targets: Targets): Promise<Prometheus> {
    const prometheus = new Prometheus()
    await prometheus.#start(targets)
    return prometheus
  }

  async #start(targets: Targets): Promise<void> {
    cpSync(SOURCE, this.#folder, { recursive: true })
    const file = join(this.#folder, "prometheus.yml")
    writeFileSync(file, JSON.stringify(withTargets(readFileSync(file, "utf8"), targets)))
    const port = await freePort()
    this.#url = `http://127.0.0.1:${port}`
    const flags = [`--config.file=${file}`, `--storage.tsdb.path=${this.#folder}/data`]
    const more = [`--web.listen-address=127.0.0.1:${port}`, "--log.level=warn", "--storage.tsdb.wal-compression"]
    this.#server = new Server("prometheus", [PROMETHEUS.path, ...flags, ...more], join(this.#folder, "log"))
    this.#server.start()
    await eventually("Prometheus is ready", () => this.#isReady(), READY_MAX_MS)
  }

  /** As it is now. */
  async query(expr: string): Promise<Value[]> {
    const { result } = await this.#ask<Vector>("query", { query: expr })
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }

  /** Of a query that gives one value or none. */
  async value(expr: string): Promise<number | undefined> {
    return (await this.query(expr))[0]?.value
  }

  /** Every value of the last `seconds`, one a second. */
  async range(expr: string, seconds: number): Promise<number[]> {
    const end = Date.now() / 1000
    const window = { query: expr, start: String(end - seconds), end: String(end), step: "1" }
    const { result } = await this.#ask<Matrix>("query_range", window)
    return result.flatMap(({ values }) => values.map(([, value]) => Number(value)))
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.#ask<{ groups: { rules: Rule[] }[] }>("rules", {})
    return groups.flatMap(({ rules }) => rules)
  }

  /** Whether a target exports such a metric, even if it has no value now. */
  async knows(metric: string): Promise<boolean> {
    const family = metric.replace(/_(bucket|sum|count)$/, "")
    const asked = await Promise.all([metric, family].map(name => this.#ask<object>("metadata", { metric: name })))
    return asked.some(found => Object.keys(found).length > 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #isReady(): Promise<boolean> {
    if (!this.#server.isRunning) throw new Error(this.#server.log)
    return fetch(`${this.#url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  }

  async #ask<Data>(what: string, parameters: Record<string, string>): Promise<Data> {
    const response = await fetch(`${this.#url}/api/v1/${what}?${new URLSearchParams(parameters)}`)
    const { data, error } = (await response.json()) as { data: Data; error?: string }
    if (error !== undefined) throw new Error(`${JSON.stringify(parameters)}: ${error}`)
    return data
  }
}

interface Vector {
  result: { metric: Record<string, string>; value: [at: number, value: string] }[]
}
interface Matrix {
  result: { values: [at: number, value: string][] }[]
}

function withTargets(yaml: string, targets: Targets): object {
  const config = Bun.YAML.parse(yaml) as { scrape_configs: { job_name: string }[] }
  const scrape_configs = config.scrape_configs.map(job => ({
    ...job,
    dns_sd_configs: undefined,
    static_configs: [{ targets: (targets[job.job_name] ?? []).map(url => new URL(url).host) }],
  }))
  return { ...config, scrape_configs }
}
