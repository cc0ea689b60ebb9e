import type { Command } from "commander"
import type { NewSale, Sale } from "../../wire/wire.ts"
import { AdminClient } from "../admin-client.ts"
import type { AdminFlags } from "../admin-options.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import { columns } from "../terminal.ts"

/** What each command of `sale` does: one request, and what it says afterwards. */
export class SaleActions {
  constructor(
    private readonly client: AdminClient,
    private readonly out: { write(text: string | Uint8Array): unknown },
  ) {}

  async list(): Promise<void> {
    const sales = await this.client.sales()
    if (sales.length === 0) this.#say("There is no sale yet; doorbuster sale create makes one.")
    else this.#say(columns(sales.map(sale => [sale.id, summary(sale)] as const)).join("\n"))
  }

  async show(id: string): Promise<void> {
    this.#say(JSON.stringify(await this.client.sale(id), null, 2))
  }

  async create(sale: NewSale): Promise<void> {
    this.#tell(await this.client.create(sale))
  }

  async open(id: string): Promise<void> {
    const sale = await this.client.sale(id)
    if (sale.state === "scheduled") this.#tell(await this.client.amend(id, { opensAt: new Date().toISOString() }))
    else if (sale.state === "open") this.#tell(sale)
    else
      throw new CliError(
        `${id} is ${sale.state}, so it cannot be opened${sale.state === "paused" ? ": resume it" : ""}.`,
      )
  }

  async steer(id: string, verb: "pause" | "resume" | "close"): Promise<void> {
    this.#tell(await this.client.steer(id, verb))
  }

  async restock(id: string, sku: string, units: string): Promise<void> {
    if (!/^[1-9][0-9]{0,9}$/.test(units))
      throw new CliError(`Units must be a whole number of 1 or more, not "${units}".`)
    this.#tell(await this.client.restock(id, sku, Number(units)))
  }

  async orders(id: string): Promise<void> {
    let after: number | undefined = 0
    while (after !== undefined) {
      const page: Awaited<ReturnType<AdminClient["orders"]>> = await this.client.orders(id, after)
      for (const order of page.orders) this.#say(JSON.stringify(order))
      after = page.next
    }
  }

  async ordersCsv(id: string): Promise<void> {
    for await (const chunk of await this.client.ordersCsv(id)) this.out.write(chunk)
  }

  #tell(sale: Sale): void {
    this.#say(`${sale.id}: ${summary(sale)}`)
  }

  #say(line: string): void {
    this.out.write(`${line}\n`)
  }
}

/** Runs one of its commands; the options are those of `withAdminOptions`. */
export async function withSaleActions(command: Command, run: (shop: SaleActions) => Promise<void>): Promise<void> {
  await reportErrors(command, () => run(new SaleActions(new AdminClient(command.opts<AdminFlags>()), process.stdout)))
}

function summary({ state, opensAt, items }: Sale): string {
  const stock = items.map(
    ({ sku, total, free, held, sold }) => `${sku} ${free} free, ${held} held, ${sold} sold of ${total}`,
  )
  return `${state}${state === "scheduled" ? ` until ${opensAt}` : ""}; ${stock.join("; ")}`
}
