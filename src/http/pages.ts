import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { extname, join, resolve } from "node:path"
import type { Context, Hono } from "hono"
import { buildPages, isSingleFile } from "../ui/build.ts"
import type { ListenerKind } from "./api/route.ts"
import type { RequestEnv } from "./context.ts"
import type { Responses } from "./responses.ts"
import { GUARDED, type StaticFile, sendFile, staticFile } from "./static-file.ts"

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
}
/** Pages are the same for everybody until the next release. */
const PAGE = { ...GUARDED, "Cache-Control": "public, max-age=1, stale-while-revalidate=10" }
/** The browser fetches the list of sales while it still loads the script that needs it. */
const LAUNCH = { ...PAGE, Link: "</api/v1/front-page>; rel=preload; as=fetch; crossorigin=anonymous" }
/** The name of an asset holds the hash of its content. */
const IMMUTABLE = { "Cache-Control": "public, max-age=31536000, immutable" }

/** Reads the built pages once and keeps them compressed. If they were not built, pages are not found and the API works. */
export function pageRoutes(app: Hono<RequestEnv>, responses: Responses, folder: string, kind: ListenerKind): void {
  const launch = inLanguages(read(join(folder, "index.html")))
  const control = read(join(folder, "control.html"))
  const serve = (c: Context<RequestEnv>, file: StaticFile | undefined, headers: Record<string, string>) =>
    file ? sendFile(responses, c.req.raw, file, headers) : responses.notFound()
  app.get("/", c => serve(c, launch(c.req.query("lang")), LAUNCH))
  app.get("/sales/:saleId", c => serve(c, launch(c.req.query("lang")), LAUNCH))
  if (kind === "operators") app.get("/control", c => serve(c, control, PAGE))

  const assets = join(folder, "assets")
  const names = existsSync(assets) ? readdirSync(assets) : []
  const files = new Map(names.map(name => [name, read(join(assets, name))]))
  app.get("/assets/:name", c => serve(c, files.get(c.req.param("name")), IMMUTABLE))
  // Browsers ask for it on pages that name no icon, such as /docs.
  const icon = names.find(name => name.startsWith("icon-"))
  app.get("/favicon.ico", c =>
    serve(c, icon ? files.get(icon) : undefined, { "Cache-Control": "public, max-age=86400" }),
  )
}

function read(path: string): StaticFile | undefined {
  if (!existsSync(path)) return undefined
  return staticFile(TYPES[extname(path)] ?? "application/octet-stream", new Uint8Array(readFileSync(path)))
}

/** The launch page in the language that `?lang` asks for. Without scripts it leads to a form in the same language. */
function inLanguages(file: StaticFile | undefined): (lang: string | undefined) => StaticFile | undefined {
  if (!file) return () => undefined
  const text = new TextDecoder().decode(file.plain)
  const inLanguage = (lang: string) => {
    const page = text.replace('lang="en"', `lang="${lang}"`).replaceAll("?plain", `?plain&amp;lang=${lang}`)
    return staticFile(file.type, page)
  }
  const files = new Map(["en", "id"].map(lang => [lang, inLanguage(lang)]))
  return lang => files.get(lang ?? "") ?? file
}

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
