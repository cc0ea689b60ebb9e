import { html } from "hono/html"
import { STYLE } from "./style.ts"

/** Escaped markup. */
export type Markup = ReturnType<typeof html>

export interface ReportPage {
  title: string
  /** What was done to which system, and when. */
  subtitle: string
  /** The result in one sentence. */
  verdict: string
  ok: boolean
  /** The few numbers that the verdict rests on. */
  figures: { value: string; name: string }[]
  sections: Section[]
}

export interface Section {
  title: string
  text?: string
  body: Markup
}

/** A report as one self-contained page: it loads no script, no font and nothing from the network. It also prints. */
export function reportPage({ title, subtitle, verdict, ok, figures, sections }: ReportPage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="soft">${subtitle}</p>
<p class="verdict ${ok ? "ok" : "broken"}">${verdict}</p>
<dl class="figures">
${figures.map(({ value, name }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}
</dl>
</header>
<main>
${sections.map(
  ({ title, text, body }) => html`<section>
<h2>${title}</h2>
${text === undefined ? "" : html`<p class="soft">${text}</p>`}
${body}
</section>
`,
)}
</main>
<footer class="soft">Made by Doorbuster, which sells every unit exactly once.</footer>
</body>
</html>
`.toString() as string
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<div class="table" tabindex="0" role="region" aria-label="${heads.join(", ")}"><table>
<thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>\n`)}
</tbody>
</table></div>`
}
