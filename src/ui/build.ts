import { rename, rm, utimes } from "node:fs/promises"
import { join } from "node:path"

/** Bundles the two pages: `index.html`, `control.html`, and what they load, under `/assets/` with a hash in the name. */
export async function buildPages(outDir: string): Promise<void> {
  const started = new Date()
  // Built beside its place and then moved there, so that no server reads half of it.
  const next = `${outDir}.${process.pid}`
  const result = await Bun.build({
    entrypoints: [join(import.meta.dir, "index.html"), join(import.meta.dir, "control.html")],
    outdir: next,
    target: "browser",
    minify: true,
    splitting: true,
    // The pages answer at /, /sales/... and /control alike, so they name their assets from the root.
    publicPath: "/",
    naming: {
      entry: "[name].[ext]",
      chunk: "assets/[name]-[hash].[ext]",
      asset: "assets/[name]-[hash].[ext]",
    },
  })
  if (!result.success) throw new AggregateError(result.logs, "the pages could not be built")
  // As old as its sources: what is changed while this runs is newer, and is built the next time.
  await utimes(join(next, "index.html"), started, started)
  await rm(outDir, { recursive: true, force: true })
  await rename(next, outDir)
}

if (import.meta.main) await buildPages(join(import.meta.dir, "../../dist/ui"))
