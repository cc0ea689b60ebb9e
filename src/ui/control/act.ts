import type { AuditReport } from "../../wire.ts"
import type { Answer } from "../common/api.ts"
import { admin, ofSale } from "./admin.ts"
import { asking, audit, log } from "./state.ts"
import { words } from "./words.ts"

export async function steer(saleId: string, what: "pause" | "resume" | "close"): Promise<void> {
  complain(await admin(ofSale(saleId, what), { method: "POST" }))
  asking.value = undefined
}

export async function restock(saleId: string, sku: string, units: number): Promise<void> {
  complain(await admin(ofSale(saleId, `items/${sku}/restock`), { method: "POST", json: { units } }))
  asking.value = undefined
}

export async function kill(nodeId: string): Promise<void> {
  const answer = await admin(`/api/v1/admin/nodes/${nodeId}/kill`, { method: "POST" })
  // The node that is asked may be the one that dies before it can answer; a browser then asks another node again, and
  // that one finds nothing left to kill.
  if (answer.status !== 0 && answer.status !== 404) complain(answer)
  asking.value = undefined
}

export async function runAudit(saleId: string): Promise<void> {
  audit.value = "running"
  const answer = await admin<AuditReport>(ofSale(saleId, "audit"), { timeoutMs: 60_000 })
  complain(answer)
  audit.value = answer.body
  if (answer.body) log(words.value.audited(answer.body.ok, answer.body.checks.length), answer.body.ok ? "good" : "bad")
}

/** A refusal is news too. */
function complain({ status, problem }: Answer<unknown>): void {
  if (problem) log(`${problem.title}: ${problem.detail}`, "bad")
  else if (status === 0 || status >= 400) log(words.value.noAnswer, "bad")
}
