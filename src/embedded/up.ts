import { join } from "node:path"
import { type Config, ConfigError } from "../config/config.ts"
import { demoSale } from "../config/demo-sale.ts"
import type { Inventory } from "../core/ports/inventory.ts"
import type { NodeStatus } from "../core/ports/nodes.ts"
import { type Stock, stateOf } from "../core/sale.ts"
import { ensurePages } from "../http/built-pages.ts"
import { openLog } from "../observability/log.ts"
import { ownSeries } from "../observability/own-series.ts"
import { assertPortFree } from "../processes/port.ts"
import { banner } from "./banner.ts"
import { FileLogbook } from "./file-logbook.ts"
import { openFolder, openSecrets, type Secrets } from "./secrets.ts"
import { SqliteInventory } from "./sqlite/inventory.ts"
import { Supervisor } from "./supervisor.ts"

/** Holds whose time is up while nobody buys are released this soon after. */
const EXPIRE_EVERY_MS = 200

/** Between two looks at how the system does. */
const SHOW_EVERY_MS = 1000

/** Where it is shown, for as long as the system runs, how it does. */
export interface Show {
  state(now: { nodes: NodeStatus[]; sale?: { name: string; items: Stock[] } }): void
  clear(): void
}

/** The embedded system: opens in order, runs until it is told to stop, closes in reverse. */
export async function up(config: Config, env: Record<string, string | undefined>, show: Show): Promise<void> {
  const started = performance.now()
  const stopped = Promise.withResolvers<number>()
  let stopping = false
  function stop(code: number): void {
    stopping = true
    stopped.resolve(code)
  }
  process.on("SIGINT", () => stop(0))
  process.on("SIGTERM", () => stop(0))

  if (config.inventory.store !== "sqlite") {
    throw new ConfigError(
      "INVENTORY_URL names a Redis, and up is the embedded system; start doorbuster serve for each replica, and doorbuster worker.",
    )
  }
  await assertPortFree(config.host, config.port)
  await ensurePages()
  openFolder(config)
  const inventory = new SqliteInventory(config.inventory.file)
  // A token that is made is also shown: nothing that often fails may come between.
  const secrets = openSecrets(config)
  const log = openLog(config.logLevel)
  if (config.demo && (await inventory.sales()).length === 0) {
    await inventory.decide([{ kind: "create", sale: demoSale(Date.now()) }])
  }
  const supervisor: Supervisor = new Supervisor({
    inventory,
    logbook: new FileLogbook(join(config.dataDir, "logbook.jsonl")),
    replicas: config.replicas,
    command: [process.execPath, join(import.meta.dir, "../main.ts"), "serve"],
    envOf: nodeId => replicaEnv(config, secrets, env, nodeId),
    ownSeries: async () =>
      ownSeries({
        sales: await inventory.sales(),
        nodes: await supervisor.nodes(),
        gateOpen: inventory.fault === undefined,
        violations: inventory.violations,
      }),
    log,
  })
  const expiry = setInterval(() => expireIdle(inventory, stop), EXPIRE_EVERY_MS)
  process.on("SIGHUP", () => supervisor.roll().catch(error => log.error({ error: error.message }, "roll stopped")))

  async function tell(): Promise<void> {
    const [nodes, sales] = await Promise.all([supervisor.nodes(), inventory.sales()])
    if (!stopping) show.state({ nodes, sale: sales.find(sale => stateOf(sale, Date.now()) === "open") })
  }
  let showing: Timer | undefined
  supervisor.start().then(
    () => {
      console.log(banner(config, secrets, performance.now() - started).join("\n"))
      // A store that cannot be asked says so itself.
      showing = setInterval(() => tell().catch(() => {}), SHOW_EVERY_MS)
    },
    error => {
      if (!stopping) console.error(`doorbuster: ${error.message}`)
      stop(1)
    },
  )
  const code = await stopped.promise
  clearInterval(showing)
  show.clear()
  await supervisor.stop()
  clearInterval(expiry)
  await inventory.close()
  process.exit(code)
}

/** An empty call releases what is due. A store that has stopped for good takes the system with it: restarting reads it anew. */
function expireIdle(inventory: Inventory & { fault: string | undefined }, stop: (code: number) => void): void {
  inventory.decide([]).catch(error => {
    if (inventory.fault === undefined) return
    console.error(`doorbuster: ${(error as Error).message}`)
    stop(1)
  })
}

function replicaEnv(config: Config, secrets: Secrets, env: Record<string, string | undefined>, nodeId: string) {
  return {
    ...env,
    PORT: String(config.port),
    HOST: config.host,
    DATA_DIR: config.dataDir,
    SESSION_SECRET: secrets.sessionSecret,
    SESSION_SECRET_FILE: "",
    ADMIN_TOKEN: secrets.adminToken,
    ADMIN_TOKEN_FILE: "",
    NODE_ID: nodeId,
    LOG_LEVEL: config.logLevel,
  }
}
