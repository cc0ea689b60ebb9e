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
const SETTINGS = { HOST: "127.0.0.1", INVENTORY_URL: "sqlite:", REPLICAS, DEMO: "0", LOG_LEVEL: "warn" }
export const ROOT = fileURLToPath(new URL("../..", import.meta.url))

export interface Embedded extends Running {
  api: Api
  folder: string
}

let sales = 0

/** The system as `npm start` runs it, on an empty folder or on one that an earlier start filled. */
export async function startEmbedded(
  { folder, secret }: Pick<Setting, "folder" | "secret">,
  root = ROOT,
): Promise<Embedded> {
  const [port] = (await freePorts(1)) as [number]
  const data = join(folder, "data")
  mkdirSync(data, { recursive: true })
  const output = openOutput(folder)
  const settings = { ...SETTINGS, PORT: port, DATA_DIR: data, SESSION_SECRET: secret, ADMIN_TOKEN }
  const up = start("env", [...assignments(settings), "node", "bin/doorbuster.mjs", "up"], {
    cwd: root,
    stdio: ["ignore", output.fd, output.fd],
  })
  closeSync(output.fd)
  const api = new Api(`http://127.0.0.1:${port}`, ADMIN_TOKEN, secret)
  await output.ready("the embedded system", up, () => api.isReady(REPLICAS))
  return {
    api,
    folder,
    processes: async () => nameProcesses(up.pid!, await api.nodes()),
    open: (kind: Case) => openSale(api, kind),
    said: output.tail,
    stop: () => stop(up),
  }
}

/** Arguments for `env`, which sets them and then becomes the program. */
export function assignments(settings: Record<string, string | number>): string[] {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`)
}

export interface SaleTarget extends Target {
  saleId: string
}

/** A new sale each time, so that every customer may buy again: limits and keys are kept per sale. */
export async function openSale(api: Api, kind: Case): Promise<SaleTarget> {
  const saleId = `bench-${process.pid}-${++sales}`
  await api.createSale(saleId, kind === "accepted" ? 1_000_000_000 : 1)
  if (kind === "refused") await api.buy(saleId, "early-bird")
  const before = kind === "refused" ? 1 : 0
  return {
    saleId,
    url: api.ordersUrl(saleId),
    body: api.purchase,
    sold: async () => (await api.sold(saleId)) - before,
  }
}
