import { rename, rm, utimes } from "node:fs/promises"
import { join } from "node:path"

/** Whether this program is one compiled file, with everything that it reads inside. */
export const isSingleFile = Bun.isStandaloneExecutable

/**
 * Bundles the two pages into `outDir`: `index.html`, `control.html`, and the files that they load, under `/assets/` with
 * a hash in the name. Throws what the bundler complains about.
 */
export async function buildPages(outDir: string): Promise<void> {
  const started = new Date()
  // Built in a folder beside it and then moved into place, so that no server reads half of it.
  const next = `${outDir}.${process.pid}`
  const result = await Bun.build({
    entrypoints: [join(import.meta.dir, "index.html"), join(import.meta.dir, "control.html")],
    outdir: next,
    target: "browser",
    minify: true,
    splitting: true,
    // The pages are served at /, /sales/... and /control, so they name their assets from the root.
    publicPath: "/",
    naming: {
      entry: "[name].[ext]",
      chunk: "assets/[name]-[hash].[ext]",
      asset: "assets/[name]-[hash].[ext]",
    },
  })
  if (!result.success) throw new AggregateError(result.logs, "the pages could not be built")
  // The build carries the time at which it began: a source that changes meanwhile is newer, and is built the next time.
  await utimes(join(next, "index.html"), started, started)
  await rm(outDir, { recursive: true, force: true })
  await rename(next, outDir)
}

if (import.meta.main && !isSingleFile) await buildPages(join(import.meta.dir, "../../dist/ui"))
