import { type Keep, program } from "./cli/program.ts"
import { type Config, ConfigError, readConfig, SETTINGS, SETTINGS_NOTE } from "./config.ts"
import { InventoryFault } from "./core/inventory.ts"
import { LedgerFault } from "./core/ledger.ts"
import { beKept, keep } from "./roles/keep.ts"
import { serve } from "./roles/serve.ts"
import { assertStack } from "./roles/stack.ts"
import { up } from "./roles/up.ts"

/** What the stack needs, the clients of its stores above all, is loaded for the stack alone. */
const STACK = {
  serve: async (config: Config) => (await import("./roles/replica.ts")).replica(config),
  worker: async (config: Config) => (await import("./roles/worker.ts")).worker(config),
}

/** A part of the stack: as a child that is kept, or itself. */
async function play(role: keyof typeof STACK, flags: Keep, config = readConfig()): Promise<void> {
  assertStack(role, config)
  if (flags.keep) return keep(role, config, process.env)
  beKept()
  return STACK[role](config)
}

try {
  await program({
    up: () => up(readConfig(), process.env),
    serve: flags => {
      const config = readConfig()
      const isEmbedded = config.inventory.store === "sqlite" && process.send !== undefined
      return isEmbedded ? serve(config) : play("serve", flags, config)
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
