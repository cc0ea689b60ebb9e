import { html, raw } from "hono/html"

/** The style of a report, for screens (light and dark) and for paper. The colours are those of the control room. */
const STYLE = raw(`
:root { color-scheme: light dark; --ink: #16171b; --soft: #55575f; --ground: #fff; --card: #f3f3f6; --line: #dcdce3;
  --sold: #1f9d59; --held: #c77d0a; --refused: #9a9ca6; --unknown: #d93a30; --p50: #1f7fc0; --p99: #a93bbd; --good: #0b6b37; --bad: #b3211a }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f5f5f7; --soft: #a8a8b0; --ground: #0b0c0f; --card: #16171c; --line: #2a2c35;
    --sold: #43d17f; --held: #ffb84d; --refused: #7b7d88; --unknown: #ff6b62; --p50: #8fd3ff; --p99: #f3a6ff; --good: #43d17f; --bad: #ff7a70 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 3rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 -apple-system, "Segoe UI", Inter, Roboto, sans-serif; font-variant-numeric: tabular-nums }
h1 { margin: 0; font-size: 2.5rem; line-height: 1.1; letter-spacing: -.03em }
h2 { margin: 0 0 .25rem; font-size: 1.25rem; letter-spacing: -.01em }
p { margin: .25rem 0 .75rem } .soft { color: var(--soft) }
.verdict { margin: 1.5rem 0; font-size: 1.375rem; font-weight: 600; line-height: 1.35 }
.ok { color: var(--good) } .broken { color: var(--bad) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 12px; margin: 0 }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 16px 20px; border-radius: 16px; background: var(--card) }
.figures dt { color: var(--soft) } .figures dd { margin: 0; font-size: 2rem; font-weight: 600; letter-spacing: -.02em; line-height: 1.2 }
section { margin-top: 3rem; break-inside: avoid }
svg { display: block; width: 100%; height: auto } svg text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: var(--soft) }
.axis { stroke: var(--line) } .mark { stroke: var(--bad); stroke-dasharray: 3 3 } .line { fill: none; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: .5rem 0 0; padding: 0; list-style: none; color: var(--soft) }
.legend b { color: var(--ink); font-weight: 600 } .legend svg { display: inline-block; width: 12px; height: 12px; margin-right: 7px; vertical-align: -1px }
.fill-sold { fill: var(--sold) } .fill-held { fill: var(--held) } .fill-refused { fill: var(--refused) } .fill-unknown { fill: var(--unknown) } .fill-p50 { fill: var(--p50) } .fill-p99 { fill: var(--p99) }
.line-p50 { stroke: var(--p50) } .line-p99 { stroke: var(--p99) }
.table { overflow-x: auto } table { width: 100%; border-collapse: collapse }
th, td { padding: 7px 16px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
th { color: var(--soft); font-weight: 500; white-space: nowrap }
footer { margin-top: 4rem }
@media print { body { padding: 0; max-width: none } section { margin-top: 2rem } }
`)

/** Escaped markup. */
export type Markup = ReturnType<typeof html>

interface ReportPage {
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
