import { join } from "node:path"
import { launchNight } from "./dashboards/launch-night.ts"
import { showHelp } from "./show-help.ts"

const HELP = `Usage: npm run dashboards

Writes the Grafana board in deploy/grafana/dashboards from its code in scripts/dashboards. A test compares the two.

Example:
  npm run dashboards`
const FOLDER = join(import.meta.dir, "../deploy/grafana/dashboards")

showHelp(HELP)
await Bun.write(join(FOLDER, "launch-night.json"), `${JSON.stringify(launchNight(), null, 2)}\n`)
