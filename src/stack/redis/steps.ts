import type { Command, Create, Reserve } from "../../core/command.ts"

/** Commands in one call: about two milliseconds, in which the store serves no other call. */
const COMMANDS_PER_CALL_MAX = 256

/** A command for a sale that exists. */
export type SaleCommand = Exclude<Command, Create>

export interface Item {
  /** Its place among the results. */
  at: number
  command: SaleCommand
}

export interface Purchase extends Item {
  command: Reserve
}

/** Commands that the store decides in one go: purchases need no look at it, the rest does. */
export interface Step {
  purchases: Purchase[]
  /** The first command that is not a purchase, and all behind it. */
  rest: Item[]
}

/**
 * Two commands about one order never share a step: the second must see what the first has done. An amendment has one to
 * itself: answers to purchases are read with the terms that hold at the end of their call.
 */
export function stepsOf(items: readonly Item[]): Step[] {
  const steps: Step[] = []
  let step: Step = { purchases: [], rest: [] }
  let orders = new Set<string>()
  const next = () => {
    if (step.purchases.length + step.rest.length > 0) steps.push(step)
    step = { purchases: [], rest: [] }
    orders = new Set()
  }
  for (const item of items) {
    const { command } = item
    const orderId = "orderId" in command ? command.orderId : undefined
    const isFull = step.purchases.length === COMMANDS_PER_CALL_MAX || step.rest.length === COMMANDS_PER_CALL_MAX
    if (isFull || command.kind === "amend" || (orderId !== undefined && orders.has(orderId))) next()
    if (isPurchase(item) && step.rest.length === 0) step.purchases.push(item)
    else step.rest.push(item)
    if (orderId !== undefined) orders.add(orderId)
    if (command.kind === "amend") next()
  }
  next()
  return steps.length > 0 ? steps : [step]
}

export function isPurchase(item: Item): item is Purchase {
  return item.command.kind === "reserve"
}
