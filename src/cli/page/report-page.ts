import { type Html, html } from "./html.ts"
import { STYLE } from "./style.ts"

export interface ReportPage {
  title: string
  /** What was done to which system, and when. */
  subtitle: string
  /** The one sentence to take home. */
  verdict: string
  ok: boolean
  /** The few numbers that the verdict rests on. */
  figures: { value: string; name: string }[]
  sections: Section[]
}

export interface Section {
  title: string
  text?: string
  body: Html
}

/** A report as one page that needs nothing else: no script, no font, no network. It prints, too. */
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
${figures.map(({ value, name }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>
</header>
<main>
${sections.map(
  ({ title, text, body }) => html`<section>
<h2>${title}</h2>
${text === undefined ? "" : html`<p class="soft">${text}</p>`}
${body}
</section>`,
)}
</main>
<footer class="soft">Made by Doorbuster, which sells every unit exactly once.</footer>
</body>
</html>
`.text
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="${heads.join(", ")}"><table>
<thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>`)}
</tbody>
</table></div>`
}
