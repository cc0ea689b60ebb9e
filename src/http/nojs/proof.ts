import type { AuditReport, Sale } from "../../wire/wire.ts"
import { count, duration } from "./figures.ts"
import { type Html, html } from "./html.ts"
import { promiseOf } from "./promises.ts"
import type { Reader } from "./reader.ts"
import { wordsIn } from "./words.ts"

/** What a sale came to, and what the audit says of it: for everybody, so without anybody's name. */
export interface Proof {
  sale: Sale
  report: AuditReport
  /** The hash of the journal's last fact. */
  hash: string
}

export function proofPage(reader: Reader, { sale, report, hash }: Proof): Html {
  const say = wordsIn(reader.lang)
  const { sold, total } = report.totals
  const took = sale.soldOutAt && Date.parse(sale.soldOutAt) - Date.parse(sale.opensAt)
  return html`<h1>${say.proofTitle}</h1>
<p class="soft">${sale.name}</p>
<div class="card">
<p class="big${report.ok && " yes"}">${report.ok ? say.proofKept : say.proofBroken}</p>
<p>${say.proofSold(count(sold, reader), count(total, reader))}
${took !== undefined && say.proofTook(duration(Number(took), reader))}</p>
</div>
<ul>
${report.checks.map(({ name, ok }) => html`<li><span>${promiseOf(reader.lang, name)}</span> <b class="${ok ? "yes" : "wait"}">${ok ? say.kept : say.broken}</b></li>\n`)}</ul>
<h2>${say.proofHash}</h2>
<p><code>${hash}</code></p>
<p class="soft">${say.proofHashMore}</p>
${back(reader, sale)}`
}

/** While units can still change hands. */
export function noProofYet(reader: Reader, sale: Sale): Html {
  const say = wordsIn(reader.lang)
  return html`<h1>${say.proofTitle}</h1>
<p class="soft">${sale.name}</p>
<p class="card">${say.proofLater}</p>
${back(reader, sale)}`
}

function back(reader: Reader, { id }: Sale): Html {
  return html`<p class="links"><a href="${reader.path(`/sales/${id}`)}">${wordsIn(reader.lang).back}</a></p>`
}
