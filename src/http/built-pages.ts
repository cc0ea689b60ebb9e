import { existsSync, readdirSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { buildPages } from "../ui/build.ts"

const ROOT = resolve(import.meta.dir, "../..")

/** Where the built pages lie. */
export const PAGES_FOLDER = join(ROOT, "dist/ui")

/** Builds the pages unless they are newer than everything that they are made of. */
export async function ensurePages(): Promise<void> {
  const built = join(PAGES_FOLDER, "index.html")
  const sources = readdirSync(join(ROOT, "src/ui"), { recursive: true, encoding: "utf8" }).map(name =>
    join(ROOT, "src/ui", name),
  )
  const newest = Math.max(...[...sources, join(ROOT, "package-lock.json")].map(path => statSync(path).mtimeMs))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  await buildPages(PAGES_FOLDER)
}
