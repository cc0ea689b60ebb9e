import { expect } from "bun:test"
import type { AuditResult } from "../../../src/audit/audit.ts"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import type { HistoryLine } from "../../../src/audit/history.ts"
import type { Answer, Reserve } from "../../../src/core/command.ts"
import { type Order, parseOrderId } from "../../../src/core/order.ts"
import { isSuccess } from "../../../src/core/outcome.ts"
import type { Inventory } from "../../../src/core/ports/inventory.ts"
import type { Millis } from "../../../src/core/sale.ts"
import { factToWire, orderToWire, saleToWire } from "../../../src/http/api/mapping.ts"

/** Small, so that most audits read more than one page. */
const PAGE = 500

/** The independent audit of one sale, read from a store in the forms of the wire. */
export async function audit(
  inventory: Inventory,
  saleId: string,
  now: Millis,
  history?: HistoryLine[],
): Promise<AuditResult> {
  const sale = (await inventory.sales()).find(({ id }) => id === saleId)!
  return auditSale(
    {
      sale: async () => ({ ...saleToWire(sale, now), hash: sale.hash }),
      async facts(after) {
        const facts = await inventory.facts(saleId, after, PAGE)
        return { facts: overWire(facts.map(factToWire)), ...(facts.length === PAGE && { next: facts.at(-1)!.seq }) }
      },
      async orders(after) {
        const orders = await inventory.orders(saleId, after, PAGE)
        return {
          orders: overWire(orders.map(orderToWire)),
          ...(orders.length === PAGE && { next: createdSeq(orders.at(-1)!) }),
        }
      },
    },
    history && { lines: history, isComplete: true },
  )
}

/** Every sale of the store keeps every promise. */
export async function expectAudited(inventory: Inventory, now: Millis, history?: HistoryLine[]): Promise<void> {
  for (const { id } of await inventory.sales()) {
    const { ok, violations } = await audit(inventory, id, now, history)
    expect(violations).toEqual([])
    expect(ok).toBe(true)
  }
}

/** How long a call and its answers take, in microseconds: long enough for memories of sold-out sales to expire. */
const CALL_MICROS = 200_000

/** The history that bots would write for the same requests. The requests of one call are concurrent. */
export class History {
  readonly lines: HistoryLine[] = []
  #op = 0
  #micros = 0

  /** Call it before the store. Returns a function to call with the answers. */
  sent(attempts: readonly Reserve[]): (answers: readonly Answer[]) => void {
    const t = this.#tick()
    const ops = attempts.map(({ saleId, customerId, key, sku, quantity }) => {
      const op = ++this.#op
      this.lines.push({ type: "invoke", op, t, sale: saleId, customer: customerId, key, sku, quantity })
      return op
    })
    return answers => {
      const t = this.#tick()
      for (const [at, answer] of answers.entries()) this.lines.push(replyOf(ops[at]!, t, answer))
    }
  }

  #tick(): number {
    this.#micros += CALL_MICROS
    return this.#micros
  }
}

function replyOf(op: number, t: number, { outcome, seq, order, replayed }: Answer): HistoryLine {
  if (!order || !isSuccess(outcome)) return { type: "fail", op, t, code: outcome, seq }
  return { type: "ok", op, t, code: order.state, orderId: order.id, state: order.state, seq: order.seq, replayed }
}

function overWire<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

/** The fact that created the order. */
export function createdSeq({ id }: Order): number {
  return parseOrderId(id)!.seq
}
