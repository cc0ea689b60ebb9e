import { auditSale } from "../../audit/audit-sale.ts"
import { createdSeq } from "../../core/order.ts"
import type { Inventory } from "../../core/ports/inventory.ts"
import type { AuditReport } from "../../wire/wire.ts"
import { factToWire, orderToWire, saleToWire } from "./mapping.ts"

/** One page of the journal: a tenth of a megabyte or so. */
const PAGE = 1000

/** The independent audit, fed from the inventory in the forms of the wire. */
export function auditor(inventory: Inventory): (saleId: string) => Promise<AuditReport | undefined> {
  return async saleId => {
    const find = async () => (await inventory.sales()).find(({ id }) => id === saleId)
    if (!(await find())) return undefined
    const { ok, checks, totals } = await auditSale({
      sale: async () => saleToWire((await find())!, Date.now()),
      async facts(after) {
        const facts = await inventory.facts(saleId, after, PAGE)
        return { facts: facts.map(factToWire), ...(facts.length === PAGE && { next: facts.at(-1)!.seq }) }
      },
      async orders(after) {
        const orders = await inventory.orders(saleId, after, PAGE)
        return { orders: orders.map(orderToWire), ...(orders.length === PAGE && { next: createdSeq(orders.at(-1)!) }) }
      },
    })
    // A check that needs the buyers' history was not made here: it must not read as a promise kept.
    const made = checks.filter(({ skipped }) => !skipped)
    return { ok, checks: made.map(({ name, ok, detail }) => ({ name, ok, detail })), totals }
  }
}
