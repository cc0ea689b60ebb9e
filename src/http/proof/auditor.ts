import { auditSale } from "../../audit/audit-sale.ts"
import { createdSeq } from "../../core/order.ts"
import type { Inventory } from "../../core/ports/inventory.ts"
import type { Clock } from "../../runtime/time.ts"
import type { AuditReport } from "../../wire/wire.ts"
import { factToWire, orderToWire, saleToWire } from "../api/mapping.ts"

/** Facts or orders per read: about a tenth of a megabyte. */
const PAGE = 1000

/** Runs one audit at a time, because each reads a whole journal. Those who ask for the same sale meanwhile share it. */
export function oneAtATime(audit: (saleId: string) => Promise<AuditReport | undefined>): typeof audit {
  const running = new Map<string, ReturnType<typeof audit>>()
  let last: Promise<unknown> = Promise.resolve()
  return saleId => {
    const same = running.get(saleId)
    if (same) return same
    const report = last.then(() => audit(saleId)).finally(() => running.delete(saleId))
    running.set(saleId, report)
    last = report.catch(() => {})
    return report
  }
}

/** The independent audit of one sale, fed from the inventory. Resolves to undefined if there is no such sale. */
export function auditor(inventory: Inventory, clock: Clock): (saleId: string) => Promise<AuditReport | undefined> {
  return async saleId => {
    const find = async () => (await inventory.sales()).find(({ id }) => id === saleId)
    const first = await find()
    if (!first) return undefined
    const { ok, checks, totals } = await auditSale({
      sale: async () => saleToWire((await find()) ?? first, clock.now()),
      async facts(after) {
        const facts = await inventory.facts(saleId, after, PAGE)
        const last = facts.length === PAGE ? facts.at(-1) : undefined
        return { facts: facts.map(factToWire), ...(last && { next: last.seq }) }
      },
      async orders(after) {
        const orders = await inventory.orders(saleId, after, PAGE)
        const last = orders.length === PAGE ? orders.at(-1) : undefined
        return { orders: orders.map(orderToWire), ...(last && { next: createdSeq(last) }) }
      },
    })
    // Checks that need the buyers' own history were skipped. They are left out, so that none reads as a promise kept.
    const made = checks.filter(({ skipped }) => !skipped)
    return { ok, checks: made.map(({ name, ok, detail }) => ({ name, ok, detail })), totals }
  }
}
