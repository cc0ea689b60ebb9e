import type { Context, Hono } from "hono"
import { isSoldOut, type Sale, stateOf } from "../../core/sale.ts"
import type { AuditReport } from "../../wire/wire.ts"
import { saleToWire } from "../api/mapping.ts"
import type { Env, RequestContext } from "../context.ts"
import { noProofYet, proofPage } from "./proof.ts"
import { readerOf } from "./reader.ts"
import { send } from "./send.ts"
import { wordsIn } from "./words.ts"

/** Proofs kept: of the sales that people look at. */
const KEPT_MAX = 100

/**
 * The audit for everybody. It reads the whole journal, so it is made once for each state of a sale whose units can
 * change hands no more, one at a time, however many ask.
 */
export function proofRoute(app: Hono<Env>, context: RequestContext): void {
  const proofs = new Map<string, { seq: number; report: Promise<AuditReport | undefined> }>()
  let last: Promise<unknown> = Promise.resolve()

  const proofOf = ({ id, seq }: Sale): Promise<AuditReport | undefined> => {
    const known = proofs.get(id)
    if (known?.seq === seq) return known.report
    const report = last.catch(() => {}).then(() => context.audit(id))
    last = report
    if (proofs.size >= KEPT_MAX) proofs.delete(proofs.keys().next().value!)
    proofs.set(id, { seq, report })
    report.catch(() => proofs.delete(id))
    return report
  }

  app.get("/sales/:saleId/proof", async (c: Context<Env>) => {
    const sale = context.saleCache.sale(c.req.param("saleId")!)
    if (!sale) return context.responses.notFound()
    const reader = readerOf(c)
    const shown = saleToWire(sale, Date.now(), context.saleCache.soldOutAt(sale.id))
    const title = `${wordsIn(reader.lang).proofTitle} · ${sale.name}`
    const report = isOver(sale) && (await proofOf(sale))
    const body = report ? proofPage(reader, { sale: shown, report, hash: sale.hash }) : noProofYet(reader, shown)
    return send(context, c, { title, body })
  })
}

/** No purchase can change it any more: nothing is held, and nothing can be bought. */
function isOver(sale: Sale): boolean {
  const closed = stateOf(sale, Date.now()) === "closed"
  return sale.items.every(item => item.held === 0 && (closed || isSoldOut(item)))
}
