import { join } from "node:path"
import { launchNight } from "./dashboards/launch-night.ts"

/** Writes the Grafana boards from their code. A test compares what is committed with what this would write. */
const FOLDER = join(import.meta.dir, "../deploy/grafana/dashboards")

await Bun.write(join(FOLDER, "launch-night.json"), `${JSON.stringify(launchNight(), null, 2)}\n`)
