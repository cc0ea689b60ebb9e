import { program } from "./cli/program.ts"
import { ConfigError, readConfig, SETTINGS, SETTINGS_NOTE } from "./config.ts"
import { InventoryFault } from "./core/inventory.ts"
import { serve } from "./roles/serve.ts"
import { up } from "./roles/up.ts"

try {
  await program({
    up: () => up(readConfig(), process.env),
    serve: () => serve(readConfig()),
    settings: SETTINGS,
    settingsNote: SETTINGS_NOTE,
  }).parseAsync()
} catch (error) {
  const isForPeople = error instanceof ConfigError || error instanceof InventoryFault
  console.error(isForPeople ? `doorbuster: ${error.message}` : error)
  process.exit(1)
}
