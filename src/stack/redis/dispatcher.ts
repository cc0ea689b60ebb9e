import type { Answer, Command, Create } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import { decisionOf } from "../../core/rules.ts"
import { absent, answersOf, type Result } from "./batch.ts"
import { faultOf } from "./connect/faults.ts"
import type { FunctionClient } from "./function-client.ts"
import { codeName } from "./protocol/codes.ts"
import { keysOf, LIST } from "./protocol/keys.ts"
import { isPlain, packCreation } from "./protocol/requests.ts"
import { documentOf, parseHead } from "./protocol/sale-text.ts"
import type { SaleCommands } from "./sale-commands.ts"
import type { Absence, SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** The rule for a creation is shown no sale. Whether the sale exists is checked by the store. */
const NOTHING = () => undefined
const NO_SALE = { sale: NOTHING, saleNumbered: NOTHING, order: NOTHING, digestOf: NOTHING }

/** A command about a sale that exists. */
type Existing = Exclude<Command, Create>

/** A batch that is being decided: its results so far, and the work that will fill in the others. */
interface PendingBatch {
  results: Result[]
  working: Promise<void>[]
  sales: Set<SaleSnapshot>
}

/** The commands of one batch that are for the same sale, with their indexes in the batch. */
interface SaleBatch {
  at: number[]
  commands: Command[]
}

/**
 * Groups a batch's commands by sale and sends each group to the store. For each sale, batches are sent one after the
 * other, so that concurrent batches are decided in the order in which they came.
 */
export class Dispatcher {
  #last: Promise<unknown> = Promise.resolve()
  readonly #lastSent = new WeakMap<SaleSnapshot, Promise<void>>()
  readonly #open = new Set<Promise<unknown>>()

  constructor(
    private readonly client: FunctionClient,
    private readonly directory: SaleDirectory,
    private readonly commands: SaleCommands,
  ) {}

  /** Rejects with an `InventoryFault` only if every command has one. */
  dispatch(commands: readonly Command[]): Promise<Answer[]> {
    const grouped = this.#last.then(() => this.#group(commands))
    this.#last = grouped.catch(() => {})
    const answered = grouped.then(finish)
    this.#open.add(answered)
    const close = () => this.#open.delete(answered)
    answered.then(close, close)
    return answered
  }

  /** Resolves once every batch that was dispatched is answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open)
  }

  async #group(commands: readonly Command[]): Promise<PendingBatch> {
    const batch: PendingBatch = { results: new Array(commands.length), working: [], sales: new Set() }
    // Every batch also expires the holds that are due, in every sale.
    let groups = new Map<SaleSnapshot, SaleBatch>()
    for (const sale of this.directory.due(this.client.now())) groups.set(sale, { at: [], commands: [] })
    const flush = () => {
      for (const [sale, group] of groups) this.#send(batch, sale, group)
      groups = new Map()
    }
    const search = new Search(this.directory)
    for (const [at, command] of commands.entries()) {
      if (command.kind === "create") {
        flush()
        batch.results[at] = await this.#create(command, batch.sales).catch(faultOf)
        search.clear()
        continue
      }
      const sale = isSound(command) ? (this.#known(command) ?? (await search.saleOf(command))) : "unsound"
      if (sale === "unsound") batch.results[at] = { outcome: "invalid_request" }
      else if (sale instanceof Error) batch.results[at] = faultOf(sale)
      else if (typeof sale === "string") batch.results[at] = absent(command, sale)
      else {
        const group = groups.get(sale) ?? { at: [], commands: [] }
        group.at.push(at)
        group.commands.push(command)
        groups.set(sale, group)
      }
    }
    flush()
    return batch
  }

  /** Sends the commands once those of earlier batches for this sale are sent. */
  #send(batch: PendingBatch, sale: SaleSnapshot, { at, commands }: SaleBatch): void {
    const sent = Promise.withResolvers<void>()
    const before = this.#lastSent.get(sale) ?? Promise.resolve()
    this.#lastSent.set(sale, sent.promise)
    batch.sales.add(sale)
    const decided = before.then(() => this.commands.decide(sale, commands, sent.resolve)).finally(sent.resolve)
    batch.working.push(
      decided.then(results => {
        for (const [index, place] of at.entries()) batch.results[place] = results[index] as Result
      }),
    )
  }

  /** The sale that a command is for, if the directory has it. */
  #known(command: Existing): SaleSnapshot | undefined {
    if ("saleId" in command) return this.directory.sale(command.saleId)
    if (command.by === "") return undefined
    return this.directory.numbered(parseOrderId(command.orderId)?.saleNumber ?? 0)
  }

  /** Creates a sale. The list of sales gives it its number, and the node that will have its keys creates it. */
  async #create(command: Create, waiting: Set<SaleSnapshot>): Promise<Result> {
    const { client } = this
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
    const [status, head = "", , , letter] =
      (await client.decide("create", { id, epoch: 0, keys: keysOf(id) }, () => args)) ?? []
    if (status !== "ok") return { outcome: "reconciling" }
    if (!wasCreated) await client.call("enlist", LIST, ["", id, String(number)])
    const code = codeName(letter)
    if (code === "exists") return this.#recreate(command)
    if (code !== "applied") throw new Error(`The store answered a creation with the code ${code}.`)
    const snapshot = this.directory.add(id, number, parseHead(head), documentOf(sale))
    // Its recall mark is new: replicas that refuse the sale as unknown have heard of it before the creation is answered.
    waiting.add(snapshot)
    const created = snapshot.sale
    return created ? decision.answer({ seq: created.seq, orders: [], sale: created }) : { outcome: "reconciling" }
  }

  /** The sale exists. If this very command created it, it is answered again. */
  async #recreate(command: Create): Promise<Result> {
    if (!command.once) return { outcome: "sale_exists" }
    const sale = await this.directory.find(({ id }) => id === command.sale.id)
    if (typeof sale === "string") return { outcome: "reconciling" }
    const [answer] = await this.commands.decide(sale, [command], () => {})
    return answer ?? { outcome: "reconciling" }
  }
}

/** Finds the sales of one batch's commands, and asks the store once for each. A fault is a result like any other. */
class Search {
  readonly #found = new Map<string, Promise<SaleSnapshot | Absence | Error>>()

  constructor(private readonly directory: SaleDirectory) {}

  saleOf(command: Existing): Promise<SaleSnapshot | Absence | Error> {
    const name = "saleId" in command ? command.saleId : command.orderId
    const known = this.#found.get(name)
    if (known) return known
    const found = this.#find(command).catch((fault: Error) => fault)
    this.#found.set(name, found)
    return found
  }

  clear(): void {
    this.#found.clear()
  }

  async #find(command: Existing): Promise<SaleSnapshot | Absence> {
    if ("saleId" in command) {
      return isPlain(command.saleId) ? this.directory.find(({ id }) => id === command.saleId) : "unknown"
    }
    const number = command.by === "" ? undefined : parseOrderId(command.orderId)?.saleNumber
    return number === undefined ? "unknown" : this.directory.find(entry => entry.number === number)
  }
}

/** Whether a command's texts are free of the separators of the protocol. */
function isSound(command: Existing): boolean {
  if (command.kind !== "reserve") return true
  return isPlain(command.customerId) && isPlain(command.key) && /^[0-9A-Z]{4}$/.test(command.suffix)
}

async function finish({ results, working, sales }: PendingBatch): Promise<Answer[]> {
  await Promise.all(working)
  // Other replicas may still refuse from memory what this answer shows as free, so it waits until their leases are over.
  await Promise.all([...sales].map(sale => sale.recallOver()))
  return answersOf(results)
}
