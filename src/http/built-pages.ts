import { existsSync, readdirSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { buildPages, isSingleFile } from "../ui/build.ts"

const ROOT = resolve(import.meta.dir, "../..")

/** The folder of the built pages: `dist` beside the source, or inside the compiled file. */
export const PAGES_FOLDER = isSingleFile ? join(import.meta.dir, "ui") : join(ROOT, "dist/ui")

/** Builds the pages if one of their sources is newer than they are. A compiled file contains them already. */
export async function ensurePages(): Promise<void> {
  if (isSingleFile) return
  const built = join(PAGES_FOLDER, "index.html")
  const sources = readdirSync(join(ROOT, "src/ui"), { recursive: true, encoding: "utf8" }).map(name =>
    join(ROOT, "src/ui", name),
  )
  const newest = Math.max(...[...sources, join(ROOT, "package-lock.json")].map(path => statSync(path).mtimeMs))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  await buildPages(PAGES_FOLDER)
}
