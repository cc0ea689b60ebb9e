import type { Answer, Create } from "../../core/command.ts"
import { decisionOf } from "../../core/rules.ts"
import type { FunctionClient } from "./function-client.ts"
import { codeName } from "./protocol/codes.ts"
import { keysOf, LIST } from "./protocol/keys.ts"
import { isPlain, packCreation } from "./protocol/requests.ts"
import { documentOf, parseHead } from "./protocol/sale-text.ts"
import type { SaleDirectory } from "./sale-directory.ts"

/** Creates a sale: the list gives it its number, and the sale's own node makes it. */
export async function createSale(client: FunctionClient, directory: SaleDirectory, command: Create): Promise<Answer> {
  const decision = decisionOf(NO_SALE, command, 0)
  if ("outcome" in decision) return decision
  const { id, items } = command.sale
  if (![id, ...items.flatMap(({ sku, price }) => [sku, price.currency])].every(isPlain)) {
    return { outcome: "invalid_request", detail: "an id must be 1 to 64 of A-Z a-z 0-9 _ -" }
  }
  const [state, text = ""] = await client.call("number_sale", LIST, ["", id])
  if (state === "closed") return { outcome: "reconciling" }
  const number = Number.parseInt(text, 10)
  const wasCreated = text.endsWith("+")
  const { args, sale } = packCreation(command.sale, decision.transition, number, client.run(id), wasCreated)
  const reply = await client.call("create", keysOf(id), [client.header(id, 0), ...args])
  if (reply[0] !== "ok") return { outcome: "reconciling" }
  if (!wasCreated) await client.call("enlist", LIST, ["", id, String(number)])
  const code = codeName(reply[4])
  if (code === "exists") return { outcome: "sale_exists" }
  if (code !== "applied") throw new Error(`The store answered a creation with the code ${code}.`)
  client.hear(Number(reply[3]))
  const created = directory.add(id, number, parseHead(reply[1]!), documentOf(sale)).sale
  return created ? decision.answer({ seq: created.seq, orders: [], sale: created }) : { outcome: "reconciling" }
}

/** What a rule is shown of a store that it need not ask: whether the sale exists, the store sees for itself. */
const NO_SALE = { sale: () => undefined, saleNumbered: () => undefined, order: () => undefined }
