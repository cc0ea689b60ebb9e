import { statSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { ensurePages, PAGES_FOLDER } from "../src/http/pages.ts"
import { showHelp } from "./show-help.ts"

const ROOT = resolve(import.meta.dir, "..")
const HELP = `Usage: npm run build -- [--out FILE]

Builds Doorbuster as a single file for this platform, with Bun, the pages and everything else inside.

Options:
  --out FILE  where to write it (default: dist/doorbuster)

Example:
  npm run build && ./dist/doorbuster up`

showHelp(HELP)
const { values } = parseArgs({ options: { out: { type: "string", default: join(ROOT, "dist/doorbuster") } } })
await ensurePages()
await Bun.build({
  entrypoints: [join(ROOT, "src/main.ts")],
  minify: { syntax: true, whitespace: true },
  compile: {
    outfile: resolve(values.out),
    assets: [PAGES_FOLDER],
    // Settings come from the environment alone, wherever the file is started.
    autoloadDotenv: false,
    autoloadBunfig: false,
  },
})
console.log(`${values.out} (${Math.round(statSync(values.out).size / 1_000_000)} MB)`)
