import type { FactPage, Order, Sale } from "../../src/wire/wire.ts"
import type { Operation } from "../support/http/document.ts"
import type { RawAnswer } from "../support/http/raw-parser.ts"
import type { System } from "../support/system.ts"

const KINDS: Record<string, string> = {
  amendSale: "amended",
  pauseSale: "paused",
  resumeSale: "resumed",
  closeSale: "closed",
  restock: "stocked",
}

/** Operations whose answer is the changed order. */
const OF_ORDERS = ["purchase", "confirmOrder", "cancelOrder", "cancelHeldOrder"]

/**
 * Every change of state must be explained by an answer that said yes: facts are compared with the answers given. A
 * refused request that changed anything leaves a fact that no answer mentions.
 */
export class Explanations {
  readonly #told = new Set<string>()
  readonly #created = new Set<string>()
  readonly #before = new Map<string, number>()

  private constructor(private readonly system: System) {}

  static async from(system: System): Promise<Explanations> {
    const explanations = new Explanations(system)
    for (const { id } of await salesOf(system)) {
      explanations.#before.set(id, (await factsOf(system, id, 0)).length)
    }
    return explanations
  }

  hear(operation: Operation | undefined, { status, body }: RawAnswer): void {
    if (!operation || operation.method === "GET" || status >= 300) return
    const { operationId } = operation
    if (OF_ORDERS.includes(operationId)) {
      const { saleId, seq, state } = JSON.parse(body) as Order
      this.#told.add(`${saleId} ${seq} ${state}`)
    } else if (operationId === "createSale") {
      this.#created.add((JSON.parse(body) as Sale).id)
    } else if (KINDS[operationId]) {
      const { id, seq } = JSON.parse(body) as Sale
      this.#told.add(`${id} ${seq} ${KINDS[operationId]}`)
    }
  }

  /** Facts that no answer mentions, except expired holds, which need no request. */
  async unexplained(): Promise<string[]> {
    const faults: string[] = []
    for (const { id, items } of await salesOf(this.system)) {
      const creation = 1 + items.length
      const before = this.#before.get(id) ?? (this.#created.has(id) ? creation : 0)
      for (const { seq, kind, reason } of await factsOf(this.system, id, before)) {
        if (reason !== "expired" && !this.#told.has(`${id} ${seq} ${kind}`)) faults.push(`${id}: ${kind} at ${seq}`)
      }
    }
    return faults
  }
}

export async function salesOf(system: System): Promise<Sale[]> {
  return ((await (await system.request("/api/v1/sales")).json()) as { sales: Sale[] }).sales
}

async function factsOf(system: System, saleId: string, after: number): Promise<FactPage["facts"]> {
  const facts: FactPage["facts"] = []
  for (let from: number | undefined = after; from !== undefined; ) {
    const page: FactPage = await system.admin("GET", `/sales/${saleId}/facts?limit=1000&after=${from}`)
    facts.push(...page.facts)
    from = page.next
  }
  return facts
}
