import type { Answer, Command } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import { faultOf } from "./connect/faults.ts"
import { createSale } from "./creation.ts"
import type { FunctionClient } from "./function-client.ts"
import { isPlain } from "./protocol/requests.ts"
import { absent, answersOf, type Result } from "./results.ts"
import type { SaleCommands } from "./sale-commands.ts"
import type { Absence, SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"
import type { SaleCommand } from "./steps.ts"

/** One call: the results that are there, and what is still under way. */
interface Underway {
  results: Result[]
  working: Promise<void>[]
  sales: Set<SaleSnapshot>
}

/** The commands of one call that are for the same sale, with their places in the call. */
interface Run {
  at: number[]
  commands: SaleCommand[]
}

/**
 * Shares a call's commands out among their sales. Each sale has its turns: the commands of a call follow those of the
 * calls before it, so that calls under way at once are decided in the order in which they came.
 */
export class Dispatcher {
  #last: Promise<unknown> = Promise.resolve()
  readonly #turns = new WeakMap<SaleSnapshot, Promise<void>>()
  readonly #open = new Set<Promise<unknown>>()

  constructor(
    private readonly client: FunctionClient,
    private readonly directory: SaleDirectory,
    private readonly commands: SaleCommands,
  ) {}

  take(commands: readonly Command[]): Promise<Answer[]> {
    const shared = this.#last.then(() => this.#share(commands))
    this.#last = shared.catch(() => {})
    const answered = shared.then(finish)
    this.#open.add(answered)
    const close = () => this.#open.delete(answered)
    answered.then(close, close)
    return answered
  }

  /** Resolves when everything that was taken is answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open)
  }

  async #share(commands: readonly Command[]): Promise<Underway> {
    const call: Underway = { results: new Array(commands.length), working: [], sales: new Set() }
    // Every call releases what is due, in every sale.
    let runs = new Map<SaleSnapshot, Run>()
    for (const sale of this.directory.due(this.client.now())) runs.set(sale, { at: [], commands: [] })
    const flush = () => {
      for (const [sale, run] of runs) this.#start(call, sale, run)
      runs = new Map()
    }
    const search = new Search(this.directory)
    for (const [at, command] of commands.entries()) {
      if (command.kind === "create") {
        flush()
        call.results[at] = await createSale(this.client, this.directory, command).catch(faultOf)
        search.forget()
        continue
      }
      const sale = isSound(command) ? (this.#known(command) ?? (await search.saleOf(command))) : "unsound"
      if (sale === "unsound") call.results[at] = { outcome: "invalid_request" }
      else if (sale instanceof Error) call.results[at] = faultOf(sale)
      else if (typeof sale === "string") call.results[at] = absent(command, sale)
      else {
        const run = runs.get(sale) ?? { at: [], commands: [] }
        run.at.push(at)
        run.commands.push(command)
        runs.set(sale, run)
      }
    }
    flush()
    return call
  }

  /** Begins when the store has what earlier calls have for this sale. */
  #start(call: Underway, sale: SaleSnapshot, { at, commands }: Run): void {
    const sent = Promise.withResolvers<void>()
    const before = this.#turns.get(sale) ?? Promise.resolve()
    this.#turns.set(sale, sent.promise)
    call.sales.add(sale)
    const decided = before.then(() => this.commands.decide(sale, commands, sent.resolve)).finally(sent.resolve)
    call.working.push(
      decided.then(results => {
        for (const [index, result] of results.entries()) call.results[at[index]!] = result
      }),
    )
  }

  /** The sale that a command is for, if this process has heard of it. */
  #known(command: SaleCommand): SaleSnapshot | undefined {
    if ("saleId" in command) return this.directory.sale(command.saleId)
    if (command.by === "") return undefined
    return this.directory.numbered(parseOrderId(command.orderId)?.saleNumber ?? 0)
  }
}

/** Looks for the sales of one call's commands, once for each. A fault is an answer like any other. */
class Search {
  readonly #found = new Map<string, Promise<SaleSnapshot | Absence | Error>>()

  constructor(private readonly directory: SaleDirectory) {}

  saleOf(command: SaleCommand): Promise<SaleSnapshot | Absence | Error> {
    const name = "saleId" in command ? command.saleId : command.orderId
    const known = this.#found.get(name)
    if (known) return known
    const found = this.#find(command).catch((fault: Error) => fault)
    this.#found.set(name, found)
    return found
  }

  forget(): void {
    this.#found.clear()
  }

  async #find(command: SaleCommand): Promise<SaleSnapshot | Absence> {
    if ("saleId" in command) {
      return isPlain(command.saleId) ? this.directory.find(({ id }) => id === command.saleId) : "unknown"
    }
    const number = command.by === "" ? undefined : parseOrderId(command.orderId)?.saleNumber
    return number === undefined ? "unknown" : this.directory.find(entry => entry.number === number)
  }
}

/** Whether a command's texts may stand between separators. */
function isSound(command: SaleCommand): boolean {
  if (command.kind !== "reserve") return true
  return isPlain(command.customerId) && isPlain(command.key) && /^[0-9A-Z]{4}$/.test(command.suffix)
}

async function finish({ results, working, sales }: Underway): Promise<Answer[]> {
  await Promise.all(working)
  // Refusals from memory elsewhere must be over before a caller reads what this process has heard.
  await Promise.all([...sales].map(sale => sale.quiet()))
  return answersOf(results)
}
