import type { Hono } from "hono"
import { html } from "hono/html"
import { type Sale as CoreSale, isSoldOut, stateOf } from "../../core/sale.ts"
import type { AuditReport, Sale } from "../../wire/wire.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import { send } from "./page.ts"
import { count, duration, type Html, type Reader, readerOf } from "./reader.ts"
import { shownSale } from "./shown-sale.ts"
import { promiseOf } from "./words.ts"

/** Reports that are kept, so that a sale that many people look at is audited once. */
const REPORTS_MAX = 100

/** A page that shows everybody the audit of a sale, without any customer's name. */
export function proofPages(app: Hono<RequestEnv>, context: RequestContext): void {
  const reports = new Reports(context)
  app.get("/sales/:saleId/proof", async c => {
    const sale = context.saleCache.sale(c.req.param("saleId"))
    const shown = sale && shownSale(context, sale.id)
    if (!shown) return context.responses.notFound()
    const reader = readerOf(c)
    const report = isFinal(sale, context.time.now()) ? await reports.of(sale) : undefined
    const body = report ? proof(reader, shown, report, sale.hash) : noProofYet(reader, shown)
    return send(context, c, { title: `${reader.say.proofTitle} · ${sale.name}`, body })
  })
}

/** Whether no purchase can change the sale any more: nothing is held, and nothing can be bought. */
function isFinal(sale: CoreSale, now: number): boolean {
  const isClosed = stateOf(sale, now) === "closed"
  return sale.items.every(item => item.held === 0 && (isClosed || isSoldOut(item)))
}

/** Audits sales one after another, and each state of a sale once, because an audit reads the whole journal. */
class Reports {
  readonly #reports = new Map<string, { seq: number; report: Promise<AuditReport | undefined> }>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(private readonly context: RequestContext) {}

  of({ id, seq }: CoreSale): Promise<AuditReport | undefined> {
    const known = this.#reports.get(id)
    if (known?.seq === seq) return known.report
    const report = this.#last.catch(() => {}).then(() => this.context.audit(id))
    this.#last = report
    const [oldest] = this.#reports.keys()
    if (this.#reports.size >= REPORTS_MAX && oldest !== undefined) this.#reports.delete(oldest)
    this.#reports.set(id, { seq, report })
    report.catch(() => this.#reports.delete(id))
    return report
  }
}

function proof(reader: Reader, sale: Sale, { ok, checks, totals }: AuditReport, hash: string): Html {
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
<h2>${say.proofHash}</h2>
<p><code>${hash}</code></p>
<p class="soft">${say.proofHashMore}</p>
${back(reader, sale)}`
}

/** While a purchase can still change the sale. */
function noProofYet(reader: Reader, sale: Sale): Html {
  return html`<h1>${reader.say.proofTitle}</h1>
<p class="soft">${sale.name}</p>
<p class="card">${reader.say.proofLater}</p>
${back(reader, sale)}`
}

function back({ say, path }: Reader, { id }: Sale): Html {
  return html`<p class="links"><a href="${path(`/sales/${id}`)}">${say.back}</a></p>`
}
