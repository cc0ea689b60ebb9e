import { join } from "node:path"
import type { Config } from "../config/config.ts"
import { typedCommand } from "../processes/child-process.ts"
import type { Secrets } from "./secrets.ts"

const LOCAL = ["127.0.0.1", "0.0.0.0", "::1", "::"]

/** The lines that say where everything is. A new admin token is shown this once; it is kept in the data folder. */
export function banner(
  { host, port, dataDir, replicas, adminToken }: Config,
  secrets: Secrets,
  ready: number,
  milliseconds: number,
): string[] {
  const name = host.includes(":") ? `[${host}]` : host
  const site = `http://${LOCAL.includes(host) ? "localhost" : name}:${port}`
  const file = join(dataDir, "admin-token")
  const kept = secrets.adminTokenIsNew ? `${secrets.adminToken}   (shown once; kept in ${file})` : `in ${file}`
  const token = adminToken === undefined ? [`  Admin token    ${kept}`] : []
  return [
    "",
    `  Doorbuster is open: ${ready === replicas ? replicas : `${ready} of ${replicas}`} replicas, ready in ${(milliseconds / 1000).toFixed(1)} s`,
    "",
    `  The page       ${site}/`,
    `  Control room   ${site}/control`,
    `  API docs       ${site}/docs`,
    ...token,
    "",
    `  Next           ${typedCommand("attack")}     500 bots, in another terminal`,
    `                 ${typedCommand("audit")}      the proof`,
    "  Stop           Ctrl-C",
    "",
  ]
}
