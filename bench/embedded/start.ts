import { closeSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { start, stop } from "../children.ts"
import type { Case, Running, Setting, Target } from "../contender.ts"
import { freePorts } from "../net.ts"
import { openOutput } from "../output.ts"
import { Api } from "./api.ts"
import { nameProcesses } from "./processes.ts"

const ADMIN_TOKEN = "the-benchmark-administrator-0123456789"
export const REPLICAS = 3
const SETTINGS = { HOST: "127.0.0.1", INVENTORY_URL: "sqlite:", DEMO: "0", LOG_LEVEL: "warn" }
export const ROOT = fileURLToPath(new URL("../..", import.meta.url))

/** What one start of it differs in. */
export interface EmbeddedSetting extends Pick<Setting, "folder" | "secret" | "env"> {
  replicas?: number
  /** The folder is a copy of another's. */
  isCopy?: boolean
}

export interface Embedded extends Running {
  api: Api
  folder: string
}

/** More than any run can sell. */
const PLENTY = 1_000_000_000

let sales = 0

/** The system as `npm start` runs it, on an empty folder or on one that an earlier start filled. */
export async function startEmbedded(
  { folder, secret, replicas = REPLICAS, env = {}, isCopy = false }: EmbeddedSetting,
  root = ROOT,
): Promise<Embedded> {
  const [port] = (await freePorts(1)) as [number]
  const data = join(folder, "data")
  mkdirSync(data, { recursive: true })
  const output = openOutput(folder)
  const own = { PORT: port, DATA_DIR: data, SESSION_SECRET: secret, ADMIN_TOKEN, REPLICAS: replicas }
  const settings = { ...SETTINGS, ...own, ...env }
  const up = start("node", ["bin/doorbuster.mjs", "up", ...(isCopy ? ["--adopt"] : [])], {
    cwd: root,
    env: { ...process.env, ...environment(settings) },
    stdio: ["ignore", output.fd, output.fd],
  })
  closeSync(output.fd)
  const api = new Api(`http://127.0.0.1:${port}`, ADMIN_TOKEN, secret)
  await output.ready("the embedded system", up, () => api.isReady(replicas))
  return {
    api,
    folder,
    processes: async () => nameProcesses(up.pid!, await api.nodes()),
    open: (kind: Case, units?: number) => openSale(api, kind, units),
    folders: () => [{ name: "sqlite", path: data }],
    said: output.tail,
    stop: () => stop(up),
  }
}

/** Settings as a process gets them. */
export function environment(settings: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))
}

export interface SaleTarget extends Target {
  saleId: string
}

/** A new sale each time, so that every customer may buy again: limits and keys are kept per sale. */
export async function openSale(api: Api, kind: Case, units = PLENTY): Promise<SaleTarget> {
  const saleId = `bench-${process.pid}-${++sales}`
  await api.createSale(saleId, kind === "accepted" ? units : 1)
  if (kind === "refused") await api.buy(saleId, "early-bird")
  const before = kind === "refused" ? 1 : 0
  return {
    saleId,
    url: api.ordersUrl(saleId),
    body: api.purchase,
    sold: async () => (await api.sold(saleId)) - before,
  }
}
