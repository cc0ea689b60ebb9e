import type { AuditReport, NewSale, Node, Order, Sale, SalePatch } from "../../../wire/wire.ts"
import type { Ask } from "../../common/api.ts"
import { admin, ofSale } from "./admin-request.ts"
import { complain, type Refusal, refusalOf } from "./action-error.ts"
import { audit, chooseSale, hearSale, log, sales } from "./state.ts"
import { done } from "../panels/undo-bar.tsx"
import { words } from "../words/words.ts"

const post = { method: "POST" } as const

export async function steer(sale: Sale, what: "pause" | "resume" | "close"): Promise<Refusal> {
  const refusal = await change(ofSale(sale.id, `/${what}`), post)
  if (refusal) return refusal
  const say = words.value
  if (what === "pause") done(say.pausedDone(sale.name), () => steer(sale, "resume"))
  if (what === "resume") done(say.resumedDone(sale.name), () => steer(sale, "pause"))
  return undefined
}

/** `sale` is as it was before. */
export async function amend(sale: Sale, patch: SalePatch, told: string): Promise<Refusal> {
  const refusal = await send(patch)
  if (!refusal) done(told, () => send(termsOf(sale, patch)))
  return refusal

  function send(json: SalePatch): Promise<Refusal> {
    return change(ofSale(sale.id), { method: "PATCH", json })
  }
}

export async function create(terms: NewSale): Promise<Refusal> {
  const answer = await admin<Sale>("/sales", { ...post, json: terms })
  const refusal = refusalOf(answer)
  if (answer.body) {
    sales.value = [...sales.value, answer.body]
    chooseSale(answer.body.id)
    done(words.value.createdDone(answer.body.name))
  }
  return refusal
}

export function restock(saleId: string, sku: string, units: number): Promise<Refusal> {
  return change(ofSale(saleId, `/items/${sku}/restock`), { ...post, json: { units } })
}

export async function cancel(orderId: string): Promise<Refusal> {
  const refusal = refusalOf(await admin<Order>(`/orders/${encodeURIComponent(orderId)}/cancel`, post))
  if (!refusal) done(words.value.cancelledDone(orderId))
  return refusal
}

export async function drill({ id, pid }: Node, kind: "kill" | "drain"): Promise<Refusal> {
  const answer = await admin(`/nodes/${id}/${kind}`, { ...post, ...(kind === "kill" && { json: { pid } }) })
  // The node that is asked may be the one that dies before it can answer; a browser then asks another node again, and
  // that one finds this process gone.
  return kind === "kill" && (answer.status === 0 || answer.status === 404) ? undefined : refusalOf(answer)
}

export async function runAudit(saleId: string): Promise<void> {
  audit.value = "running"
  const answer = await admin<AuditReport>(ofSale(saleId, "/audit"), { timeoutMs: 60_000 })
  complain(refusalOf(answer))
  audit.value = answer.body
  if (answer.body) log(words.value.audited(answer.body.ok, answer.body.checks.length), answer.body.ok ? "good" : "bad")
}

async function change(path: string, how: Ask): Promise<Refusal> {
  const answer = await admin<Sale>(path, how)
  if (answer.body) hearSale(answer.body)
  return refusalOf(answer)
}

/** What a sale's terms were, of those that a patch changes. */
function termsOf(sale: Sale, patch: SalePatch): SalePatch {
  const names = Object.keys(patch) as (keyof SalePatch)[]
  return Object.fromEntries(names.map(name => [name, sale[name] ?? null])) as SalePatch
}
