import { join } from "node:path"
import { type Config, ConfigError } from "../config/config.ts"
import { demoSale } from "../config/demo-sale.ts"
import type { NodeStatus } from "../core/ports/nodes.ts"
import { type Stock, stateOf } from "../core/sale.ts"
import { ensurePages } from "../http/pages.ts"
import { startProver } from "../http/proof/prover.ts"
import { ClockLog } from "../observability/clock-log.ts"
import { type Log, openLog } from "../observability/log.ts"
import { embeddedMetrics } from "../observability/metric-catalog.ts"
import { ownCommand } from "../processes/child-process.ts"
import { printOrThrow, tryToWrite, watchOutput } from "../processes/output.ts"
import { holdPorts } from "../processes/port.ts"
import { StopSignals } from "../processes/stop-signals.ts"
import { systemTime, type Time } from "../runtime/time.ts"
import { banner } from "./banner.ts"
import { FileCredentials } from "./file-credentials.ts"
import { FileLogbook } from "./file-logbook.ts"
import { FileProofs, PROOFS_FOLDER } from "./file-proofs.ts"
import type { Records } from "./ipc/server.ts"
import { openFolder, openSecrets, type Secrets } from "./secrets.ts"
import { SqliteInventory } from "./sqlite/inventory.ts"
import { Supervisor } from "./supervisor.ts"

/** How often overdue holds are released while there are no purchases, which would release them. */
const EXPIRE_EVERY_MS = 200
const STATUS_EVERY_MS = 1000
/** The exit code that a shell reports for a process that SIGINT ended. */
const INTERRUPTED = 130

type Env = Record<string, string | undefined>

/** Shows the state of the system while it runs. */
export interface StatusDisplay {
  state(now: { nodes: NodeStatus[]; sale?: { name: string; items: Stock[] } | undefined }): void
  clear(): void
}

/**
 * Runs the embedded system until a signal stops it, then ends the process. Rejects when a setting cannot be used, or when the
 * data folder is a copy; with `adopt` the copy takes the place of its original.
 */
export async function up(
  config: Config,
  env: Env,
  display: StatusDisplay,
  flags: { adopt?: true } = {},
): Promise<void> {
  const signals = new StopSignals(systemTime)
  signals.start()
  process.exit(await new EmbeddedSystem(config, env, display, flags, signals, systemTime).run())
}

/** A supervisor with its store: opens in order, closes in reverse. */
class EmbeddedSystem {
  readonly #storeFault = Promise.withResolvers<string>()
  readonly #outputGone = Promise.withResolvers<number>()
  #supervisor: Supervisor | undefined
  #wasCutOff = false

  constructor(
    private readonly config: Config,
    private readonly env: Env,
    private readonly display: StatusDisplay,
    private readonly flags: { adopt?: true },
    private readonly signals: StopSignals,
    private readonly time: Time,
  ) {}

  /** Resolves with the exit code, once everything is closed. */
  async run(): Promise<number> {
    const { signals } = this
    let onHangup = () => signals.order("SIGHUP")
    process.on("SIGHUP", () => onHangup())
    void signals.orderedAtOnce.then(() => this.#cutOff())
    watchOutput(() => this.#onOutputGone())
    const code = await this.#serve(roll => {
      onHangup = roll
    })
    return this.#wasCutOff ? INTERRUPTED : code
  }

  /** `onOpen` receives the function that SIGHUP runs from then on. */
  async #serve(onOpen: (roll: () => void) => void): Promise<number> {
    const { config, signals, time } = this
    const startedAt = time.monotonic()
    if (config.inventory.store !== "sqlite") {
      throw new ConfigError(
        "INVENTORY_URL names a Redis, and up is the embedded system; start doorbuster serve for each replica, and doorbuster worker.",
      )
    }
    await using parts = new AsyncDisposableStack()
    parts.use(await holdPorts(config))
    await ensurePages()
    if (signals.isOrdered) return stoppedEarly()
    openFolder(config)
    const { file } = config.inventory
    const store = new SqliteInventory(file, undefined, undefined, undefined, config.releasedOrdersMax)
    const inventory = parts.adopt(store, store => store[Symbol.asyncDispose]())
    const systemId = inventory.identify(this.flags.adopt === true)
    // Secrets come late: a new token is shown only once, so no step that often fails may lie between.
    const secrets = openSecrets(config)
    const log = openLog(config.logLevel)
    if (config.demo && (await inventory.sales()).length === 0) {
      await inventory.decide([{ kind: "create", sale: demoSale(time.now()) }])
    }
    const clockLog = new ClockLog(log)
    parts.use(time.every(EXPIRE_EVERY_MS, () => this.#expireHolds(inventory, clockLog)))
    const supervisor = parts.use(this.#makeSupervisor(inventory, systemId, secrets, log))
    this.#supervisor = supervisor
    const proofs = new FileProofs(join(config.dataDir, PROOFS_FOLDER))
    parts.use(startProver({ source: inventory, seals: inventory.seals, proofs, time }, log))
    const storeFault = this.#storeFault.promise
    try {
      const ended = Promise.race([signals.ordered, storeFault, this.#outputGone.promise]).then(() => "ended")
      if ((await Promise.race([supervisor.start(), ended])) === "ended") return signals.isOrdered ? stoppedEarly() : 1
      const ready = (await supervisor.nodes()).filter(({ state }) => state === "ready").length
      printOrThrow(banner(config, secrets, ready, time.monotonic() - startedAt).join("\n"))
    } catch (error) {
      console.error(`doorbuster: ${(error as Error).message}`)
      return 1
    }
    onOpen(() => supervisor.roll().catch(error => log.error({ error: error.message }, "roll stopped")))
    parts.defer(() => tryToWrite(() => this.display.clear()))
    parts.use(time.every(STATUS_EVERY_MS, () => void this.#showStatus(inventory, supervisor)))
    return await Promise.race([signals.ordered.then(() => 0), storeFault.then(() => 1), this.#outputGone.promise])
  }

  #makeSupervisor(inventory: SqliteInventory, systemId: string, secrets: Secrets, log: Log): Supervisor {
    const { config, time } = this
    const supervisor: Supervisor = new Supervisor({
      inventory,
      systemId,
      records: { ...openRecords(config.dataDir), seals: inventory.seals },
      replicas: config.replicas,
      command: ownCommand("serve"),
      envOf: nodeId => replicaEnv(config, secrets, this.env, nodeId),
      ownSeries: async () =>
        embeddedMetrics({
          sales: await inventory.sales(),
          nodes: await supervisor.nodes(),
          gateOpen: inventory.fault === undefined,
          violations: inventory.violations,
          clock: await inventory.clock(),
        }),
      log,
      time,
    })
    return supervisor
  }

  /** An empty call releases due holds. A store that has stopped ends the system; a restart reads the file again. */
  #expireHolds(inventory: SqliteInventory, clockLog: ClockLog): void {
    const noteClock = async () => clockLog.note(await inventory.clock())
    inventory.decide([]).then(noteClock, (error: Error) => {
      if (inventory.fault === undefined) return
      console.error(`doorbuster: ${error.message}`)
      this.#storeFault.resolve(error.message)
    })
  }

  async #showStatus(inventory: SqliteInventory, supervisor: Supervisor): Promise<void> {
    // A store that cannot be read says so itself.
    const [nodes, sales] = await Promise.all([supervisor.nodes(), inventory.sales().catch(() => [])])
    if (this.signals.isOrdered) return
    const sale = sales.find(sale => stateOf(sale, this.time.now()) === "open")
    tryToWrite(() => this.display.state({ nodes, sale }))
  }

  /** Whoever started the system cannot see it any more, and may believe that it has ended. */
  #onOutputGone(): void {
    console.error("doorbuster: Nobody can read the output any more; stopped.")
    this.#outputGone.resolve(1)
  }

  /** A second Ctrl-C: stops without waiting for open requests. */
  #cutOff(): void {
    console.log("Stopped at once; requests under way were cut off.")
    if (!this.#supervisor) process.exit(INTERRUPTED)
    this.#wasCutOff = true
    this.#supervisor.killAll()
  }
}

/** Throws one sentence if the operators' file cannot be read. */
function openRecords(dataDir: string): Omit<Records, "seals"> {
  try {
    const credentials = new FileCredentials(join(dataDir, "operators.json"))
    return { logbook: new FileLogbook(join(dataDir, "logbook.jsonl")), credentials }
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

function stoppedEarly(): number {
  console.log("Stopped before it was open.")
  return 0
}

function replicaEnv(config: Config, secrets: Secrets, env: Env, nodeId: string): Env {
  return {
    ...env,
    PORT: String(config.port),
    HOST: config.host,
    OPERATORS_PORT: config.operatorsPort === undefined ? "" : String(config.operatorsPort),
    OPERATORS_HOST: config.operatorsHost,
    DATA_DIR: config.dataDir,
    SESSION_SECRET: secrets.sessionSecret,
    SESSION_SECRET_FILE: "",
    CUSTOMER_ID_SECRET: secrets.customerIdSecret,
    CUSTOMER_ID_SECRET_FILE: "",
    ADMIN_TOKEN: secrets.adminToken,
    ADMIN_TOKEN_FILE: "",
    NODE_ID: nodeId,
    LOG_LEVEL: config.logLevel,
  }
}
