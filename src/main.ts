import { program, type RoleFlags } from "./cli/program.ts"
import { StatusLine } from "./cli/status-line.ts"
import { type Config, ConfigError, readConfig, SETTINGS, SETTINGS_NOTE } from "./config/config.ts"
import { InventoryFault } from "./core/ports/inventory.ts"
import { LedgerFault } from "./core/ports/ledger.ts"
import { assertStack } from "./stack/settings.ts"

/** Each role is loaded when it is played: a keeper, or the bots, need no server, and the embedded system no Redis. */
const ROLES = {
  up: async (config: Config) =>
    (await import("./embedded/up.ts")).up(config, process.env, new StatusLine(process.stdout)),
  embedded: async (config: Config) => (await import("./embedded/replica.ts")).runReplica(config),
  serve: async (config: Config) => (await import("./stack/replica.ts")).runReplica(config),
  worker: async (config: Config) => (await import("./stack/worker.ts")).runWorker(config),
}

/** A part of the stack: as a child that is kept, or itself. */
async function play(role: "serve" | "worker", flags: RoleFlags, config = readConfig()): Promise<void> {
  assertStack(role, config)
  const { reportToWatchdog, runWatchdog } = await import("./processes/watchdog.ts")
  if (flags.keep) return runWatchdog(role, config, process.env)
  reportToWatchdog()
  return ROLES[role](config)
}

try {
  await program({
    up: () => ROLES.up(readConfig()),
    serve: flags => {
      const config = readConfig()
      // Only a supervisor starts a replica with a channel and no Redis.
      const isEmbedded = config.inventory.store === "sqlite" && process.send !== undefined
      return isEmbedded ? ROLES.embedded(config) : play("serve", flags, config)
    },
    worker: flags => play("worker", flags),
    settings: SETTINGS,
    settingsNote: SETTINGS_NOTE,
  }).parseAsync()
} catch (error) {
  const isForPeople = [ConfigError, InventoryFault, LedgerFault].some(kind => error instanceof kind)
  console.error(isForPeople ? `doorbuster: ${(error as Error).message}` : error)
  process.exit(1)
}
