import { program, type RoleFlags, type UpFlags } from "./cli/program.ts"
import { StatusLine } from "./cli/status-line.ts"
import { assertStack, ConfigError, readConfig, SETTINGS_NOTE, settingsOf, takeOver } from "./config/config.ts"
import { InventoryFault } from "./core/ports/inventory.ts"
import { LedgerFault } from "./core/ports/ledger.ts"

// Each role is imported only when it runs: the bots need no server, and the embedded system needs no Redis.

const env = takeOver(process.env)

async function up(flags: UpFlags): Promise<void> {
  const role = await import("./embedded/up.ts")
  return role.up(readConfig(env), env, new StatusLine(process.stdout), flags)
}

/** A replica, of either shape. Only a supervisor starts one with a message channel and without a Redis. */
async function serve(flags: RoleFlags): Promise<void> {
  const config = readConfig(env)
  if (config.inventory.store !== "sqlite" || process.send === undefined) return runOfStack("serve", flags)
  const role = await import("./embedded/replica.ts")
  return role.runReplica(config)
}

/** A process of the stack: with `keep`, as the child of a watchdog. */
async function runOfStack(role: "serve" | "worker", { keep }: RoleFlags): Promise<void> {
  const config = readConfig(env)
  assertStack(role, config)
  const { reportToWatchdog, runWatchdog } = await import("./processes/watchdog.ts")
  if (keep) return runWatchdog(role, config, env)
  reportToWatchdog()
  if (role === "serve") return (await import("./stack/replica.ts")).runReplica(config)
  return (await import("./stack/worker.ts")).runWorker(config)
}

try {
  const worker = (flags: RoleFlags) => runOfStack("worker", flags)
  await program({ up, serve, worker, settings: settingsOf, settingsNote: SETTINGS_NOTE }).parseAsync()
} catch (error) {
  const isForPeople = [ConfigError, InventoryFault, LedgerFault].some(kind => error instanceof kind)
  console.error(isForPeople ? `doorbuster: ${(error as Error).message}` : error)
  process.exit(1)
}
