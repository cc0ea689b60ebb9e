import type { Amend, Answer, Command, Create } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import { amendArgs, createArgs, dryRunAmend, dryRunCreate } from "./dry-run.ts"
import type { FunctionClient } from "./function-client.ts"
import { keysOf, LIST } from "./protocol/keys.ts"
import { isPlain, pack, type Simple } from "./protocol/pack.ts"
import { answersFrom, done, Reply } from "./protocol/parse.ts"
import type { Absence, SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** Others may amend the sale at the same time; so often is it tried against what they made of it. */
const AMEND_TRIES = 5

type Refused = { refused: "reconciling" } | Absence

/** One sale's commands, decided in the store. */
export class CommandExecutor {
  constructor(
    private readonly caller: FunctionClient,
    private readonly book: SaleDirectory,
  ) {}

  /** The sale that a command is for, if it was heard of before. */
  known(command: Exclude<Command, Create>): SaleSnapshot | undefined {
    if ("saleId" in command) return this.book.sale(command.saleId)
    if (command.by === "") return undefined
    return this.book.numbered(parseOrderId(command.orderId)?.saleNumber ?? 0)
  }

  /** Looks for it in the store. */
  async saleOf(command: Exclude<Command, Create>): Promise<SaleSnapshot | Absence> {
    if ("saleId" in command) {
      return isPlain(command.saleId) ? this.book.find(({ id }) => id === command.saleId) : "unknown"
    }
    const number = command.by === "" ? undefined : parseOrderId(command.orderId)?.saleNumber
    return number === undefined ? "unknown" : this.book.find(entry => entry.number === number)
  }

  /** Sends at once; calls of one sale are decided in the order in which they were sent. */
  async decide(sale: SaleSnapshot, commands: readonly Simple[]): Promise<Answer[]> {
    const name = commands.some(({ kind }) => kind === "reserve") ? "reserve" : "change"
    const reply = await this.#call(
      sale,
      name,
      pack(commands, at => this.caller.byStore(at)),
    )
    if (reply instanceof Reply) return answersFrom(reply, commands)
    return commands.map(command => absent(command, reply))
  }

  async create(command: Create): Promise<Answer> {
    const { refused } = dryRunCreate(command, 1)
    if (refused) return refused
    const { id, items } = command.sale
    if (![id, ...items.flatMap(({ sku, price }) => [sku, price.currency])].every(isPlain)) {
      return { outcome: "invalid_request", detail: "an id must be 1 to 64 of A-Z a-z 0-9 _ -" }
    }
    const [state, text = ""] = await this.caller.call("register", LIST, ["", id])
    if (state === "closed") return { outcome: "reconciling" }
    const number = Number.parseInt(text, 10)
    const wasCreated = text.endsWith("+")
    const args = createArgs(dryRunCreate(command, number), this.caller.run(id), wasCreated)
    const reply = await this.caller.call("create", keysOf(id), [this.caller.header(id, 0), ...args])
    if (reply[0] !== "ok") return { outcome: "reconciling" }
    if (!wasCreated) await this.caller.call("enlist", LIST, ["", id, String(number)])
    if (reply[4] === "e") return { outcome: "sale_exists" }
    this.caller.hear(Number(reply[3]))
    return done(new Reply(reply, this.book.add(id, number, reply[5]!, reply[6]!)))
  }

  /** The rules are applied here, to the sale as it is; the store takes the result only if it still is so. */
  async amend(command: Amend, sale: SaleSnapshot): Promise<Answer> {
    for (let attempt = 0; attempt < AMEND_TRIES; attempt++) {
      const probe = await this.#call(sale, "change", [])
      if (!(probe instanceof Reply)) return absent(command, probe)
      const current = sale.sale ?? (await this.book.look(sale.id, sale.number))?.sale
      if (!current || current.seq !== probe.head.seq) continue
      const rehearsal = dryRunAmend(command, current)
      if (rehearsal.refused) return rehearsal.refused
      const reply = await this.#call(sale, "change", amendArgs(rehearsal, probe.head.version))
      if (!(reply instanceof Reply)) return absent(command, reply)
      if (reply.letters === "W") return done(reply)
    }
    return { outcome: "overloaded" }
  }

  async #call(sale: SaleSnapshot, name: string, args: string[], isRepeated = false): Promise<Reply | Refused> {
    const reply = await this.caller.call(name, sale.keys, [this.caller.header(sale.id, sale.epoch), ...args])
    switch (reply[0]) {
      case "ok": {
        this.caller.hear(Number(reply[3]))
        this.book.learn(sale, reply[1]!)
        return new Reply(reply, sale)
      }
      case "epoch":
        // Refused before anything was decided, because the gate was opened anew since this process last heard.
        sale.learnEpoch(Number(reply[1]))
        return isRepeated ? { refused: "reconciling" } : this.#call(sale, name, args, true)
      case "missing": {
        this.book.forget(sale.id)
        const found = await this.book.find(({ id }) => id === sale.id)
        return typeof found === "string" ? found : { refused: "reconciling" }
      }
      default:
        sale.isOpen = false
        return { refused: "reconciling" }
    }
  }
}

/** What a command is answered that the store did not decide. */
export function absent(command: Command, refused: Refused): Answer {
  if (refused === "lost") return { outcome: "reconciling" }
  if (refused !== "unknown") return { outcome: refused.refused }
  if (command.kind === "confirm" || command.kind === "release") return { outcome: "order_unknown" }
  if (command.kind === "reserve" && !(Number.isSafeInteger(command.quantity) && command.quantity >= 1)) {
    return { outcome: "invalid_request" }
  }
  return { outcome: "sale_unknown" }
}
