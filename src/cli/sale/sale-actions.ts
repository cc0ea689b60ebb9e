import type { Command } from "commander"
import { visible } from "../../wire/text.ts"
import type { NewSale, Order, Sale } from "../../wire/wire.ts"
import { AdminClient } from "../admin-client.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import type { AdminFlags } from "../options.ts"
import { columns } from "../terminal.ts"
import { summary } from "./summary.ts"

/** What each subcommand of `sale` does: it sends a request and prints the result. Errors are `CliError`s. */
export class SaleActions {
  constructor(
    private readonly client: AdminClient,
    private readonly out: { write(text: string | Uint8Array): unknown },
  ) {}

  async list(): Promise<void> {
    const sales = await this.client.sales()
    if (sales.length === 0) this.#say("There is no sale yet. Create one with: doorbuster sale create")
    else this.#say(columns(sales.map(sale => [sale.id, summary(sale)] as const)).join("\n"))
  }

  async show(id: string): Promise<void> {
    this.#say(JSON.stringify(await this.client.sale(id), null, 2))
  }

  async create(sale: NewSale): Promise<void> {
    this.#printSale(await this.client.create(sale))
  }

  async open(id: string): Promise<void> {
    const sale = await this.client.sale(id)
    if (sale.state === "scheduled") this.#printSale(await this.client.amend(id, { opensAt: "now" }))
    else if (sale.state === "open") this.#printSale(sale)
    else if (sale.state === "paused") throw new CliError(`${id} is paused: use "sale resume" instead of "sale open".`)
    else throw new CliError(`${id} is ${sale.state}, so it cannot be opened.`)
  }

  async changeState(id: string, verb: "pause" | "resume" | "close"): Promise<void> {
    this.#printSale(await this.client.changeState(id, verb))
  }

  async restock(id: string, sku: string, units: number): Promise<void> {
    this.#printSale(await this.client.restock(id, sku, units))
  }

  async orders(id: string): Promise<void> {
    for await (const order of this.#allOrders(id)) this.#say(JSON.stringify(order))
  }

  async ordersCsv(id: string): Promise<void> {
    for await (const chunk of await this.client.ordersCsv(id)) this.out.write(chunk)
  }

  async *#allOrders(id: string): AsyncGenerator<Order> {
    let page = await this.client.orders(id, 0)
    yield* page.orders
    while (page.next !== undefined) {
      page = await this.client.orders(id, page.next)
      yield* page.orders
    }
  }

  #printSale(sale: Sale): void {
    this.#say(`${sale.id}: ${summary(sale)}`)
  }

  #say(line: string): void {
    this.out.write(`${visible(line)}\n`)
  }
}

/** Runs an action of a command that has the options of `withAdminOptions`. */
export async function withSaleActions(command: Command, run: (actions: SaleActions) => Promise<void>): Promise<void> {
  await reportErrors(command, () => run(new SaleActions(new AdminClient(command.opts<AdminFlags>()), process.stdout)))
}
