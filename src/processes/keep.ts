import { join } from "node:path"
import type { Config } from "../config/config.ts"
import { openLog } from "../observability/log.ts"
import { BEAT_MS } from "./heartbeat.ts"
import { Watchdog } from "./watchdog.ts"

/** Runs `doorbuster ROLE` as a child and replaces it whenever it ends by itself. Ends with the child's exit code once told to. */
export async function runWatchdog(
  role: string,
  config: Config,
  env: Record<string, string | undefined>,
): Promise<void> {
  const keeper = new Watchdog({
    command: [process.execPath, join(import.meta.dir, "../main.ts"), role],
    env,
    log: openLog(config.logLevel, config.nodeId),
  })
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => keeper.stop(signal))
  process.on("SIGHUP", () => keeper.renew())
  process.exit(await keeper.run())
}

/** Shows the keeper, if there is one, that this process is not stuck. Without its keeper it ends as if told to. */
export function reportToWatchdog(): void {
  if (!process.send) return
  const beat = () => process.send?.({ type: "beat" })
  beat()
  setInterval(beat, BEAT_MS).unref()
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"))
}
