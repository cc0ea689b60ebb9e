import type { Hono } from "hono"
import { html } from "hono/html"
import type { Sale } from "../../wire/wire.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import type { Proof } from "../proof/proofs.ts"
import { isFinal } from "../proof/prover.ts"
import { send } from "./page.ts"
import { count, duration, type Html, type Reader, readerOf } from "./reader.ts"
import { shownSale } from "./shown-sale.ts"
import { promiseOf } from "./words.ts"

/** A page that shows everybody the audit of a sale, without any customer's name. It only shows what is made already. */
export function proofPages(app: Hono<RequestEnv>, context: RequestContext): void {
  app.get("/sales/:saleId/proof", async c => {
    const sale = context.saleCache.sale(c.req.param("saleId"))
    const shown = sale && shownSale(context, sale.id)
    if (!shown) return context.responses.notFound()
    const reader = readerOf(c)
    const finished = await context.proofs.of(sale.id)
    const body = finished ? proof(reader, shown, finished) : noProofYet(reader, shown)
    const response = await send(context, c, { title: `${reader.say.proofTitle} · ${sale.name}`, body })
    // The page looks again by itself until the proof of what is final has been made.
    if (isFinal(sale, context.time.now()) && finished?.seq !== sale.seq) response.headers.set("Refresh", "3")
    return response
  })
}

function proof(reader: Reader, sale: Sale, { seq, hash, madeAt, report }: Proof): Html {
  const { ok, checks, totals } = report
  const { say } = reader
  const { sold, total } = totals
  const tookMs = sale.soldOutAt === undefined ? undefined : Date.parse(sale.soldOutAt) - Date.parse(sale.opensAt)
  return html`<h1>${say.proofTitle}</h1>
<p class="soft">${sale.name}</p>
<div class="card">
<p class="big${ok && " yes"}">${ok ? say.proofKept : say.proofBroken}</p>
<p>${say.proofSold(count(sold, reader), count(total, reader))}
${tookMs !== undefined && say.proofTook(duration(tookMs, reader))}</p>
</div>
<ul>
${checks.map(({ name, ok }) => html`<li><span>${promiseOf(reader.lang, name)}</span> <b class="${ok ? "yes" : "wait"}">${ok ? say.kept : say.broken}</b></li>\n`)}</ul>
<p class="soft">${say.proofMade(new Date(madeAt).toISOString().replace("T", " ").slice(0, 19))}</p>
<h2>${say.proofHash}</h2>
<p><code>${seq}:${hash}</code></p>
<p class="soft">${say.proofHashMore}</p>
${back(reader, sale)}`
}

/** Before the first proof is finished. */
function noProofYet(reader: Reader, sale: Sale): Html {
  return html`<h1>${reader.say.proofTitle}</h1>
<p class="soft">${sale.name}</p>
<p class="card">${reader.say.proofLater}</p>
${back(reader, sale)}`
}

function back({ say, path }: Reader, { id }: Sale): Html {
  return html`<p class="links"><a href="${path(`/sales/${id}`)}">${say.back}</a></p>`
}
