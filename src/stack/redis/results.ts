import type { Answer, Command } from "../../core/command.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Absence } from "./sale-directory.ts"

/** What one command comes to. A fault is that command's alone. */
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

/** The answers to one call. Throws only if every command of it met a fault: then an uncertain one counts most. */
export function answersOf(results: readonly Result[]): Answer[] {
  const faults = results.filter(result => result instanceof InventoryFault)
  if (faults.length > 0 && faults.length === results.length) throw faults.find(({ certain }) => !certain) ?? faults[0]
  return results.map(result => {
    if (!(result instanceof InventoryFault)) return result
    return { outcome: result.certain ? "overloaded" : "outcome_unknown" }
  })
}
