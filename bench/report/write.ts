import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { CONTENDERS } from "../contender.ts"
import type { Results } from "../results.ts"
import { writePage } from "./page.ts"
import { drawPlot } from "./plot.ts"
import { summarise } from "./summary.ts"

const FOLDER = fileURLToPath(new URL("../results", import.meta.url))
const PAGE = fileURLToPath(new URL("../../docs/capacity.md", import.meta.url))

/**
 * Saves the raw rounds in a file named after the time of the run. After a full run, also writes the page and the plot.
 */
export function writeResults(results: Results): string {
  mkdirSync(FOLDER, { recursive: true })
  const name = `${results.startedAt.slice(0, 16).replace("T", "-").replace(":", "")}.json`
  const json = join(FOLDER, name)
  writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`)
  if (isWhole(results)) {
    writeFileSync(PAGE, writePage(results, name))
    writeFileSync(join(FOLDER, "latest.svg"), drawPlot(summarise(results.runs), results.options.connections))
  }
  return json
}

function isWhole({ runs, start, scale, failed }: Results): boolean {
  return new Set(runs.map(run => run.contender)).size === CONTENDERS.length && !!start && !!scale && !failed
}
