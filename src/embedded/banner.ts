import { join } from "node:path"
import type { Config } from "../config/config.ts"
import { typedCommand } from "../processes/child-process.ts"
import type { Secrets } from "./secrets.ts"

const LOCAL = ["127.0.0.1", "0.0.0.0", "::1", "::"]

const LOOPBACK = ["127.0.0.1", "::1", "localhost"]
const OPEN_TO_ALL =
  "who reaches the page also reaches the control room, the admin API and /metrics; OPERATORS_PORT=8081 gives these a port on this machine alone"

function siteOf(host: string, port: number): string {
  const name = host.includes(":") ? `[${host}]` : host
  return `http://${LOCAL.includes(host) ? "localhost" : name}:${port}`
}

/** The lines that say where everything is. A new admin token is shown this once; it is kept in the data folder. */
export function banner(
  { host, port, operatorsHost, operatorsPort, dataDir, replicas, adminToken }: Config,
  secrets: Secrets,
  ready: number,
  milliseconds: number,
): string[] {
  const site = siteOf(host, port)
  const operatorsSite = operatorsPort === undefined ? site : siteOf(operatorsHost, operatorsPort)
  const auditOptions = operatorsPort === undefined ? undefined : `--url ${operatorsSite}`
  const isOpenToAll = operatorsPort === undefined && !LOOPBACK.includes(host)
  const file = join(dataDir, "admin-token")
  const kept = secrets.adminTokenIsNew ? `${secrets.adminToken}   (shown once; kept in ${file})` : `in ${file}`
  const token = adminToken === undefined ? [`  Admin token    ${kept}`] : []
  return [
    "",
    `  Doorbuster is open: ${ready === replicas ? replicas : `${ready} of ${replicas}`} replicas, ready in ${(milliseconds / 1000).toFixed(1)} s`,
    "",
    `  The page       ${site}/`,
    `  Control room   ${operatorsSite}/control`,
    `  API docs       ${site}/docs`,
    ...token,
    ...(isOpenToAll ? [`  Note           ${OPEN_TO_ALL}`] : []),
    "",
    `  Next           ${typedCommand("attack")}     500 bots, in another terminal`,
    `                 ${typedCommand("audit", auditOptions)}      the proof`,
    "  Stop           Ctrl-C",
    "",
  ]
}
