import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { CONTENDERS } from "../contender.ts"
import { writeCosts } from "../costs/write.ts"
import type { Results } from "../results.ts"
import { drawGrowth } from "./growth.ts"
import { drawLatency } from "./latency.ts"
import { type KeptSoak, writePage } from "./page.ts"
import { drawPlot } from "./plot.ts"
import { type Language, withFigures } from "./readme.ts"
import { drawSoak } from "./soak.ts"
import { summarise } from "./summary.ts"

const FOLDER = fileURLToPath(new URL("../results", import.meta.url))
const PAGE = fileURLToPath(new URL("../../docs/capacity.md", import.meta.url))

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const READMES: Record<string, Language> = { "README.md": "en", "README.id.md": "id" }

/**
 * Saves the raw rounds in a file named after the time of the run. After a full run, also writes the page and the plot.
 */
export function writeResults(results: Results): string {
  mkdirSync(FOLDER, { recursive: true })
  const json = `${resultsFile(results)}.json`
  if (results.soak) writeFileSync(`${resultsFile(results)}-soak.svg`, drawSoak(results.soak))
  writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`)
  if (isWhole(results)) {
    const costs = writeCosts(results)
    writeFileSync(PAGE, writePage(results, basename(json), costs, lastSoak()))
    writeReadmes(results)
    writeFileSync(join(FOLDER, "latest.svg"), drawPlot(summarise(results.runs), results.options.connections))
    if (results.scale) writeFileSync(join(FOLDER, "growth.svg"), drawGrowth(results.scale))
    if (results.latency) writeFileSync(join(FOLDER, "latency.svg"), drawLatency(results.latency))
  }
  return json
}

function lastSoak(): KeptSoak | undefined {
  const names = readdirSync(FOLDER).filter(name => /^\d{4}-.*\.json$/.test(name))
  for (const name of names.toSorted().reverse()) {
    const { soak } = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Results
    if (soak) return { name: basename(name, ".json"), soak }
  }
  return undefined
}

function writeReadmes(results: Results): void {
  for (const [name, language] of Object.entries(READMES)) {
    const file = join(ROOT, name)
    writeFileSync(file, withFigures(readFileSync(file, "utf8"), language, results))
  }
}

/** Where what belongs to a run is kept, without the end of its name: it is named after the time when the run began. */
export function resultsFile({ startedAt }: Pick<Results, "startedAt">): string {
  return join(FOLDER, startedAt.slice(0, 16).replace("T", "-").replace(":", ""))
}

function isWhole({ runs, start, latency, sizes, short, store, scale, failed }: Results): boolean {
  const isComplete = new Set(runs.map(run => run.contender)).size === CONTENDERS.length
  return isComplete && !!start && !!latency && !!sizes && !!short && !!store && !!scale && !failed
}
