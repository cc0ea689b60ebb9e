import type { Answer, Command, CommandKey, Reserve } from "../../core/command.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Sale } from "../../core/sale.ts"
import type { Transition } from "../../core/transition.ts"
import type { ByStore } from "./function-client.ts"
import { areAlike, packAttempts, packTransition } from "./protocol/requests.ts"
import type { Absence } from "./sale-directory.ts"

/** The most commands in one call. They take about two milliseconds, in which the store serves no other call. */
const COMMANDS_PER_CALL_MAX = 256

/** One command of a batch. */
export interface BatchItem {
  /** The index of its result. */
  at: number
  command: Command
}

export interface Purchase extends BatchItem {
  command: Reserve
}

/** Commands that go to the store together. Purchases are decided there; the rest is decided here, on what it shows. */
export interface BatchStep {
  purchases: Purchase[]
  /** The first command that is not a purchase, and every command after it. */
  rest: BatchItem[]
}

/**
 * Cuts a batch into steps. Two commands about the same order never share a step, because the second must see what the
 * first has done. An amendment has a step of its own, because answers to purchases are read with the terms that hold at
 * the end of their call. So has a command with a key or a version, which must see what the store has.
 */
export function stepsOf(items: readonly BatchItem[]): BatchStep[] {
  const steps: BatchStep[] = []
  let step: BatchStep = { purchases: [], rest: [] }
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
    const isAlone = command.kind === "amend" || isNamed(command)
    if (isFull || isAlone || (orderId !== undefined && orders.has(orderId))) next()
    if (isPurchase(item) && step.rest.length === 0) step.purchases.push(item)
    else step.rest.push(item)
    if (orderId !== undefined) orders.add(orderId)
    if (isAlone) next()
  }
  next()
  return steps.length > 0 ? steps : [step]
}

function isNamed(command: Command): boolean {
  return onceOf(command) !== undefined || ("versions" in command && command.versions !== undefined)
}

/** The administrator's key of a command, if it has one. */
export function onceOf(command: Command): CommandKey | undefined {
  return "once" in command ? command.once : undefined
}

export function isPurchase(item: BatchItem): item is Purchase {
  return item.command.kind === "reserve"
}

/** What the store is to apply, and the sale as the rule that decided so has seen it. */
interface BatchPlan {
  transition: Transition
  shown: { sale: Sale; version: string }
}

/** The arguments of a call about these commands. A command that is no purchase has a plan. */
export function packItems(
  byStore: ByStore,
  items: readonly BatchItem[],
  plans?: ReadonlyMap<BatchItem, BatchPlan>,
): string[] {
  const args: string[] = []
  let alike: Reserve[] = []
  const flush = () => {
    if (alike.length > 0) args.push(...packAttempts(alike, byStore))
    alike = []
  }
  for (const item of items) {
    const { command } = item
    const plan = plans?.get(item)
    const [first] = alike
    if (plan || (first && command.kind === "reserve" && !areAlike(first, command))) flush()
    if (command.kind === "reserve") alike.push(command)
    else if (plan) args.push(...packTransition(plan.transition, plan.shown.sale, plan.shown.version))
  }
  flush()
  return args
}

/** The result of one command. A fault affects that command alone. */
export type Result = Answer | InventoryFault

/** Why the store decides nothing about a sale. */
export type Refused = { refused: "reconciling" } | Absence

/** The answer to a command that the store did not decide. */
export function absent(command: Command, refused: Refused): Answer {
  if (refused === "lost") return { outcome: "reconciling" }
  if (refused !== "unknown") return { outcome: refused.refused }
  if (command.kind === "confirm" || command.kind === "release") return { outcome: "order_unknown" }
  if (command.kind === "reserve" && !(Number.isSafeInteger(command.quantity) && command.quantity >= 1)) {
    return { outcome: "invalid_request" }
  }
  return { outcome: "sale_unknown" }
}

/** The answers to one batch. Throws only if every command has a fault; then an uncertain one takes precedence. */
export function answersOf(results: readonly Result[]): Answer[] {
  const faults = results.filter(result => result instanceof InventoryFault)
  if (faults.length > 0 && faults.length === results.length) throw faults.find(({ certain }) => !certain) ?? faults[0]
  return results.map(result => {
    if (!(result instanceof InventoryFault)) return result
    return { outcome: result.certain ? "overloaded" : "outcome_unknown" }
  })
}
