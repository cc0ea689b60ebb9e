import { existsSync, readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"
import { gzipSync } from "node:zlib"
import type { Context, Hono } from "hono"
import type { Env } from "./context.ts"
import type { Responses } from "./responses.ts"

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
}
const POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
/** Of every page: it loads nothing from elsewhere, runs nothing that stands in it, and is shown in no frame. */
export const GUARDED = { "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin" }
/** The same for everyone until the next release. */
const PAGE = { ...GUARDED, "Cache-Control": "public, max-age=1, stale-while-revalidate=10" }
/** What the launch page asks for first is on its way before its script is. */
const LAUNCH = { ...PAGE, Link: "</api/v1/sales>; rel=preload; as=fetch; crossorigin=anonymous" }
/** Assets carry their content's hash in their names. */
const FOR_EVER = { "Cache-Control": "public, max-age=31536000, immutable" }

interface File {
  type: string
  plain: Uint8Array<ArrayBuffer>
  gzip: Uint8Array<ArrayBuffer>
}

/** The built pages, read once and kept compressed. Without them the API serves as ever and pages say 404. */
export function pageRoutes(app: Hono<Env>, replies: Responses, folder: string): void {
  const launch = languagesOf(read(join(folder, "index.html")))
  const control = read(join(folder, "control.html"))
  const serve = (c: Context<Env>, file: File | undefined, headers: Record<string, string>) => {
    if (!file) return replies.notFound()
    const zipped = c.req.header("accept-encoding")?.includes("gzip")
    const encoding: Record<string, string> = zipped ? { "Content-Encoding": "gzip" } : {}
    return replies.text(zipped ? file.gzip : file.plain, file.type, {
      Vary: "Accept-Encoding",
      ...headers,
      ...encoding,
    })
  }
  app.get("/", c => serve(c, launch(c.req.query("lang")), LAUNCH))
  app.get("/sales/:saleId", c => serve(c, launch(c.req.query("lang")), LAUNCH))
  app.get("/control", c => serve(c, control, PAGE))

  const assets = join(folder, "assets")
  const names = existsSync(assets) ? readdirSync(assets) : []
  const files = new Map(names.map(name => [name, read(join(assets, name))]))
  app.get("/assets/:name", c => serve(c, files.get(c.req.param("name")), FOR_EVER))
  // Browsers ask for it by themselves on a page that names no icon, as /docs.
  const icon = names.find(name => name.startsWith("icon-"))
  app.get("/favicon.ico", c =>
    serve(c, icon ? files.get(icon) : undefined, { "Cache-Control": "public, max-age=86400" }),
  )
}

function read(path: string): File | undefined {
  if (!existsSync(path)) return undefined
  return fileOf(TYPES[extname(path)] ?? "application/octet-stream", new Uint8Array(readFileSync(path)))
}

function fileOf(type: string, plain: Uint8Array<ArrayBuffer>): File {
  return { type, plain, gzip: new Uint8Array(gzipSync(plain)) }
}

/** The page where no script chooses the language that `?lang` asks for: it leads to a form in the same one. */
function languagesOf(file: File | undefined): (lang: string | undefined) => File | undefined {
  if (!file) return () => undefined
  const text = new TextDecoder().decode(file.plain)
  const inLang = (lang: string) => {
    const spoken = text.replace('lang="en"', `lang="${lang}"`).replaceAll("?plain", `?plain&amp;lang=${lang}`)
    return fileOf(file.type, new TextEncoder().encode(spoken))
  }
  const known = new Map(["en", "id"].map(lang => [lang, inLang(lang)]))
  return lang => known.get(lang ?? "") ?? file
}
