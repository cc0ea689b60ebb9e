import { type Config, ConfigError } from "../config/config.ts"

/** Throws one sentence unless a replica or a worker of the stack can start with these settings. */
export function assertStack(role: "serve" | "worker", { inventory, sessionSecret, adminToken }: Config): void {
  if (inventory.store !== "redis") {
    throw new ConfigError(
      `INVENTORY_URL must be redis://HOST:PORT for ${role}; the embedded system is started with: doorbuster up.`,
    )
  }
  if (role === "worker") return
  for (const [name, value] of Object.entries({ SESSION_SECRET: sessionSecret, ADMIN_TOKEN: adminToken })) {
    if (value === undefined) throw new ConfigError(`${name} is not set, and every replica of a stack needs the same.`)
  }
}
