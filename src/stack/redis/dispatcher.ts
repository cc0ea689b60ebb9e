import type { Answer, Command, Create } from "../../core/command.ts"
import { absent, type CommandExecutor } from "./command-executor.ts"
import { type FunctionClient, isCertain } from "./function-client.ts"
import { isPlain, type Simple } from "./protocol/pack.ts"
import type { Absence, SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** Commands in one call: some two milliseconds, in which nobody else is served. */
const COMMANDS_PER_CALL_MAX = 256

/** Some of a call's commands, decided together. */
interface Part {
  /** Their places in the call. */
  at: number[]
  sale?: SaleSnapshot
  answers: Promise<Answer[]>
}

/** Calls take turns at being sent, so that those under way at once are decided in the order in which they came. */
export class Dispatcher {
  #last: Promise<unknown> = Promise.resolve()
  readonly #open = new Set<Promise<unknown>>()

  constructor(
    private readonly caller: FunctionClient,
    private readonly book: SaleDirectory,
    private readonly decider: CommandExecutor,
  ) {}

  take(commands: readonly Command[]): Promise<Answer[]> {
    const sent = this.#last.then(() => this.#send(commands))
    this.#last = sent.catch(() => {})
    const answered = sent.then(parts => join(commands.length, parts))
    this.#open.add(answered)
    const close = () => this.#open.delete(answered)
    answered.then(close, close)
    return answered
  }

  /** Resolves when everything that was taken is answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open)
  }

  async #send(commands: readonly Command[]): Promise<Part[]> {
    const parts: Part[] = []
    // Every call releases what is due, in every sale.
    let runs = new Map<SaleSnapshot, { at: number[]; commands: Simple[] }>()
    for (const sale of this.book.due(this.caller.now())) runs.set(sale, { at: [], commands: [] })
    const flush = () => {
      for (const [sale, run] of runs) parts.push(...this.#decide(sale, run.at, run.commands))
      runs = new Map()
    }
    const search = new Search(this.decider)
    for (const [at, command] of commands.entries()) {
      if (command.kind === "create") {
        flush()
        parts.push(await alone(at, this.decider.create(command)))
        search.forget()
        continue
      }
      if (!isSound(command)) {
        parts.push(answered(at, { outcome: "invalid_request" }))
        continue
      }
      const sale = this.decider.known(command) ?? (await search.saleOf(command))
      if (sale instanceof Error) parts.push({ at: [at], answers: Promise.reject(sale) })
      else if (typeof sale === "string") parts.push(answered(at, absent(command, sale)))
      else if (command.kind === "amend") {
        flush()
        parts.push({ ...(await alone(at, this.decider.amend(command, sale))), sale })
      } else {
        const run = runs.get(sale) ?? { at: [], commands: [] }
        run.at.push(at)
        run.commands.push(command)
        runs.set(sale, run)
      }
    }
    flush()
    // `join` looks at them later; until then a rejection is nobody's.
    for (const { answers } of parts) answers.catch(() => {})
    return parts
  }

  #decide(sale: SaleSnapshot, at: number[], commands: Simple[]): Part[] {
    const parts: Part[] = []
    for (let from = 0; from === 0 || from < commands.length; from += COMMANDS_PER_CALL_MAX) {
      const upto = from + COMMANDS_PER_CALL_MAX
      const answers = this.decider.decide(sale, commands.slice(from, upto))
      parts.push({ at: at.slice(from, upto), sale, answers })
    }
    return parts
  }
}

/** Looks for the sales of one call's commands, once for each. A fault is an answer like any other. */
class Search {
  readonly #found = new Map<string, Promise<SaleSnapshot | Absence | Error>>()

  constructor(private readonly decider: CommandExecutor) {}

  saleOf(command: Exclude<Command, Create>): Promise<SaleSnapshot | Absence | Error> {
    const name = "saleId" in command ? command.saleId : command.orderId
    const known = this.#found.get(name)
    if (known) return known
    const found = this.decider.saleOf(command).catch((fault: Error) => fault)
    this.#found.set(name, found)
    return found
  }

  forget(): void {
    this.#found.clear()
  }
}

function answered(at: number, answer: Answer): Part {
  return { at: [at], answers: Promise.resolve([answer]) }
}

/** Decided before the next is sent. */
async function alone(at: number, answer: Promise<Answer>): Promise<Part> {
  const answers = answer.then(answer => [answer])
  await answers.catch(() => {})
  return { at: [at], answers }
}

/** Whether a command's texts may stand between separators. */
function isSound(command: Command): boolean {
  if (command.kind !== "reserve") return true
  return isPlain(command.customerId) && isPlain(command.key) && /^[0-9A-Z]{4}$/.test(command.suffix)
}

/** All answers; a fault only if nothing was decided. */
async function join(count: number, parts: Part[]): Promise<Answer[]> {
  const results = await Promise.allSettled(parts.map(({ answers }) => answers))
  await Promise.all(parts.map(({ sale }) => sale?.quiet()))
  const asked = results.filter((_, nth) => parts[nth]!.at.length > 0)
  const faults = asked.filter(result => result.status === "rejected").map(({ reason }) => reason as Error)
  if (faults.length > 0 && faults.length === asked.length) {
    throw faults.find(fault => !isCertain(fault)) ?? faults[0]!
  }
  const answers: Answer[] = new Array(count)
  for (const [nth, result] of results.entries()) {
    for (const [index, at] of parts[nth]!.at.entries()) {
      answers[at] = result.status === "fulfilled" ? result.value[index]! : unanswered(result.reason)
    }
  }
  return answers
}

function unanswered(fault: unknown): Answer {
  return { outcome: isCertain(fault) ? "overloaded" : "outcome_unknown" }
}
