import { REFUSALS } from "../../../core/outcome.ts"
import type { Route } from "../route.ts"

/** The API for people to read: one page without scripts. */
export function docsPage(routes: readonly Route[]): string {
  const groups = [...new Set(routes.map(({ group }) => group))]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doorbuster API</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<main>
<h1>Doorbuster API</h1>
<p>JSON in and out. Errors are <code>application/problem+json</code> with a <code>code</code>. The same, for machines:
<a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
${BUY_EXAMPLE}
${groups.map(group => section(group, routes)).join("\n")}
<h2 id="outcomes">Outcomes</h2>
<p>Why an attempt to buy is refused. When several apply, the earlier one is given.</p>
<ol>${REFUSALS.map(code => `<li id="${code}"><code>${code}</code></li>`).join("")}</ol>
</main>
</body>
</html>
`
}

export const DOCS_CSS = `:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif }
body { margin: 0 } main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem }
h1 { letter-spacing: -.02em } h2 { margin-top: 2.5rem } h3 { margin: 1.6rem 0 .3rem; font-size: 1rem; overflow-wrap: anywhere }
code, pre { font: .92em ui-monospace, monospace } pre { padding: 1rem; overflow-x: auto; background: color-mix(in srgb, currentColor 8%, transparent); border-radius: 8px }
dl { display: grid; grid-template-columns: 4rem 1fr; gap: .1rem .8rem; margin: .4rem 0 } dd { margin: 0 } p { margin: .3rem 0 }
li:target { outline: 2px solid; outline-offset: 2px }
`

const BUY_EXAMPLE = `<h2>Buy with curl</h2>
<pre tabindex="0">TOKEN=$(curl -s -X POST http://localhost:8080/api/v1/sessions | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
curl -i -X POST http://localhost:8080/api/v1/sales/iphone-17-pro-max/orders \\
  -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: my-first-order" \\
  -H "Content-Type: application/json" -d '{"sku":"iphone-17-pro-max"}'</pre>`

function section(group: Route["group"], routes: readonly Route[]): string {
  const articles = routes.filter(route => route.group === group).map(article)
  return `<h2>${group}</h2>\n${articles.join("\n")}`
}

function article({ method, template, summary, description, access, answers }: Route): string {
  const rows = answers.map(({ status, description }) => `<dt>${status}</dt><dd>${marked(description)}</dd>`)
  return `<h3><code>${method.toUpperCase()} ${template}</code></h3>
<p>${summary}. ${marked(description ?? "")} For: ${access}.</p>
<dl>${rows.join("")}</dl>`
}

function marked(text: string): string {
  return text.replace(/`([^`]+)`/g, "<code>$1</code>")
}
