import { type Html, html } from "./html.ts"
import css from "./plain.css" with { type: "text" }
import type { Reader } from "./reader.ts"

export const PLAIN_CSS: string = css

/** What scripts add where they run: the reader's own time, and a button that prints. */
export const PLAIN_JS = `for (const time of document.querySelectorAll("time"))
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "long" }).format(Date.parse(time.dateTime))
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => print())
}
`

interface Sheet {
  title: string
  body: Html
  /** With its style inside, for a file that is kept; otherwise the style is linked, as the policy wants it. */
  alone?: boolean
}

/** A page that needs no script. */
export function sheet({ lang, path }: Reader, { title, body, alone }: Sheet): string {
  const style = alone ? `<style>${PLAIN_CSS}</style>` : '<link rel="stylesheet" href="/plain.css">'
  const head = alone ? style : `${style}\n<script src="/plain.js" defer></script>`
  const frame = html`<title>${title}</title>
</head>
<body>
<header>${alone ? html`<b>Doorbuster</b>` : html`<a class="mark" href="${path("/?plain")}">Doorbuster</a>`}</header>
<main>
${body}
</main>
</body>
</html>
`
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
${head}
${frame.text}`
}
