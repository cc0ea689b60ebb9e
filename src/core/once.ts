import type { CommandKey, Confirm, Create, Release, SaleCommand } from "./command.ts"
import type { Decision, Plan } from "./decision.ts"
import type { FactData } from "./fact-data.ts"
import { parseOrderId } from "./order.ts"
import { copyOf, type Sale } from "./sale.ts"
import type { SaleView } from "./store-transaction.ts"

/**
 * Decides a command that may name itself and the versions that it may change. The same key with the same payload has no
 * second effect, whatever happened to the sale in between; with another payload it is refused. Like a customer's key, an
 * administrator's is remembered only if the command changed something.
 */
export function decideOnce(
  view: SaleView,
  command: Confirm | Release | Create | SaleCommand,
  rule: () => Decision,
): Decision {
  const sale = saleOf(view, command)
  const once = "once" in command ? command.once : undefined
  const digest = sale && once && view.digestOf(sale, once.key)
  if (sale && once && digest !== undefined) {
    if (digest !== once.digest) return { outcome: "key_reused", seq: sale.seq }
    // The rule of an order finds by itself that the order is released.
    return "orderId" in command ? rule() : { outcome: "done", seq: sale.seq, sale: copyOf(sale), replayed: true }
  }
  const versions = "versions" in command ? command.versions : undefined
  if (sale && versions && !versions.includes(sale.version)) return { outcome: "version_conflict", seq: sale.seq }
  const decision = rule()
  return once && "transition" in decision ? named(decision, once) : decision
}

function saleOf(view: SaleView, command: Parameters<typeof decideOnce>[1]): Sale | undefined {
  if ("saleId" in command) return view.sale(command.saleId)
  if (command.kind === "create") return view.sale(command.sale.id)
  const parsed = parseOrderId(command.orderId)
  return parsed && view.saleNumbered(parsed.saleNumber)
}

/** The last fact of the plan keeps the key, so that a store that is rebuilt from the facts knows it, too. */
function named({ transition, answer }: Plan, once: CommandKey): Plan {
  const { guards, changes } = transition
  const last = changes.at(-1)
  if (!last) return { transition, answer }
  const data: FactData = { ...last.data, [COMMAND]: { key: once.key, digest: once.digest } }
  const guard = { kind: "command", ...once } as const
  return {
    answer,
    transition: { ...transition, guards: [...guards, guard], changes: changes.with(-1, { ...last, data }) },
  }
}

const COMMAND = "command"

/** The key that a fact's data keeps, if any. */
export function commandKeyOf(data: FactData | undefined): CommandKey | undefined {
  const kept = data?.[COMMAND]
  if (typeof kept !== "object" || !("key" in kept) || !("digest" in kept)) return undefined
  const { key, digest } = kept
  return typeof key === "string" && typeof digest === "string" ? { key, digest } : undefined
}
