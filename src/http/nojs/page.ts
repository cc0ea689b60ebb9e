import type { Context } from "hono"
import { html, raw } from "hono/html"
import type { RequestContext, RequestEnv } from "../context.ts"
import { GUARDED } from "../static-file.ts"
import css from "./plain.css" with { type: "text" }
import { type Html, type Reader, readerOf } from "./reader.ts"

export const PLAIN_CSS: string = css

/** Where scripts run, shows times in the reader's own time zone and adds a button that prints. */
export const PLAIN_JS = `for (const time of document.querySelectorAll("time"))
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "long" }).format(Date.parse(time.dateTime))
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => print())
}
`

export const HTML_TYPE = "text/html; charset=utf-8"

interface Sheet {
  title: string
  body: Html
  /** For a file that is kept: the style is inside. Otherwise it is linked, as the pages' policy demands. */
  isFile?: boolean
}

interface Page extends Sheet {
  status?: number
  headers?: Record<string, string>
}

/** Sends a page, for its reader alone. */
export async function send(
  { responses }: RequestContext,
  c: Context<RequestEnv>,
  { status = 200, headers, ...sheet }: Page,
): Promise<Response> {
  const text = await sheetOf(readerOf(c), sheet)
  const sent = responses.text(text, HTML_TYPE, { Vary: "Accept-Language", ...GUARDED, ...headers })
  return status === 200 ? sent : new Response(sent.body, { status, headers: sent.headers })
}

/** Leads from a form to a page, so that reloading the page does not send the form again. */
export function seeOther({ responses }: RequestContext, to: string): Response {
  const sent = responses.text("", "text/plain", { Location: to })
  return new Response(null, { status: 303, headers: sent.headers })
}

/** A whole HTML page that needs no script. */
export async function sheetOf({ lang, path }: Reader, { title, body, isFile }: Sheet): Promise<string> {
  const style = isFile
    ? raw(`<style>${PLAIN_CSS}</style>`)
    : raw('<link rel="stylesheet" href="/plain.css">\n<script src="/plain.js" defer></script>')
  const page = await html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
${style}
<title>${title}</title>
</head>
<body>
<header>${isFile ? html`<b>Doorbuster</b>` : html`<a class="mark" href="${path("/?plain")}">Doorbuster</a>`}</header>
<main>
${body}
</main>
</body>
</html>
`
  return page.toString()
}
