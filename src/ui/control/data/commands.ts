import { signal } from "@preact/signals"
import type { AuditReport, NewSale, Node, Order, Sale, SalePatch } from "../../../wire/wire.ts"
import type { RequestOptions } from "../../common/api.ts"
import { after } from "../../common/time.ts"
import { words } from "../words/words.ts"
import { type ActionError, adminCommand, adminRequest, errorOf, logError, salePath } from "./admin-request.ts"
import { addLogLine, audit, chooseSale, sales, updateSale } from "./state.ts"

type Outcome = Promise<ActionError | undefined>

const post = { method: "POST" } as const

export async function setSaleState(sale: Sale, verb: "pause" | "resume" | "close"): Outcome {
  const error = await sendChange(salePath(sale.id, `/${verb}`), post)
  if (error) return error
  const say = words.value
  if (verb === "pause") showCompleted(say.pausedDone(sale.name), () => setSaleState(sale, "resume"))
  if (verb === "resume") showCompleted(say.resumedDone(sale.name), () => setSaleState(sale, "pause"))
  return undefined
}

/** Changes a sale's terms. `sale` is the sale before the change; undo sends its old terms. */
export async function amendSale(sale: Sale, patch: SalePatch, doneText: string): Outcome {
  // Another administrator may have changed the sale while the form was open.
  const error = await send(patch, { "If-Match": `"${sale.version}"` })
  if (!error) showCompleted(doneText, () => send(oldTerms(sale, patch)))
  return error

  function send(json: SalePatch, headers: Record<string, string> = {}): Outcome {
    return sendChange(salePath(sale.id), { method: "PATCH", json, headers })
  }
}

export async function createSale(terms: NewSale): Outcome {
  const response = await adminCommand<Sale>("/sales", { ...post, json: terms })
  if (response.body) {
    sales.value = [...sales.value, response.body]
    chooseSale(response.body.id)
    showCompleted(words.value.createdDone(response.body.name))
  }
  return errorOf(response)
}

export function restockItem(saleId: string, sku: string, units: number): Outcome {
  return sendChange(salePath(saleId, `/items/${sku}/restock`), { ...post, json: { units } })
}

export async function cancelOrder(orderId: string): Outcome {
  const error = errorOf(await adminCommand<Order>(`/orders/${encodeURIComponent(orderId)}/cancel`, post))
  if (!error) showCompleted(words.value.cancelledDone(orderId))
  return error
}

export async function stopNode({ id, pid }: Node, how: "kill" | "drain"): Outcome {
  const response = await adminRequest(`/nodes/${id}/${how}`, { ...post, ...(how === "kill" && { json: { pid } }) })
  // The node that receives the request may be the one that dies, before it can answer. The browser then repeats the
  // request at another node, which answers 404 because the process with this pid is gone.
  return how === "kill" && (response.status === 0 || response.status === 404) ? undefined : errorOf(response)
}

export async function runAudit(saleId: string): Promise<void> {
  audit.value = "running"
  const response = await adminRequest<AuditReport>(salePath(saleId, "/audit"), { timeoutMs: 60_000 })
  logError(errorOf(response))
  const report = response.body
  audit.value = report
  if (report) addLogLine(words.value.audited(report.ok, report.checks.length), report.ok ? "good" : "bad")
}

async function sendChange(path: string, options: RequestOptions): Outcome {
  const response = await adminCommand<Sale>(path, options)
  if (response.body) updateSale(response.body)
  return errorOf(response)
}

/** The values that a sale had for the terms in `patch`. */
function oldTerms(sale: Sale, patch: SalePatch): SalePatch {
  const names = Object.keys(patch) as (keyof SalePatch)[]
  return Object.fromEntries(names.map(name => [name, sale[name] ?? null])) as SalePatch
}

interface CompletedAction {
  text: string
  undo?: (() => Promise<ActionError | undefined>) | undefined
}

const SHOWN_MS = 12_000

/** What the administrator has just done, for as long as the undo bar shows it. */
export const completed = signal<CompletedAction | undefined>(undefined)
let cancelHide = () => {}

/** Shows what was done and, for a while, offers to undo it. */
function showCompleted(text: string, undo?: CompletedAction["undo"]): void {
  cancelHide()
  completed.value = { text, undo }
  cancelHide = after(SHOWN_MS, () => {
    completed.value = undefined
  })
}
