import { expect } from "bun:test"
import type { OrderState } from "../../../src/core/order.ts"
import type { Inventory } from "../../../src/core/ports/inventory.ts"
import { expectAudited } from "../../support/stores/evidence.ts"

const ALL = 10_000_000

/** The last state of each order, by the answers that a buyer process printed. */
export function readAcknowledged(printed: string): Map<string, OrderState> {
  const acknowledged = new Map<string, OrderState>()
  // The last line may be incomplete.
  for (const line of printed.split("\n").slice(0, -1)) {
    const [state = "", orderId = ""] = line.split(" ")
    if (state !== "fault") acknowledged.set(orderId, state as OrderState)
  }
  return acknowledged
}

/** Expects that every acknowledged order is in the store, and that the audit passes. */
export async function expectKept(inventory: Inventory, acknowledged: Map<string, OrderState>): Promise<void> {
  const states = new Map((await inventory.orders("drop", 0, ALL)).map(({ id, state }) => [id, state]))
  const lost = [...acknowledged].filter(([id, state]) => {
    const kept = states.get(id)
    return kept !== state && !(state === "held" && kept === "confirmed")
  })
  expect(lost).toEqual([])
  await expectAudited(inventory, Date.now())
}
