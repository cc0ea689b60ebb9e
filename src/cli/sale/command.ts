import { Command } from "commander"
import { withAdminOptions } from "../admin-options.ts"
import type { CreateFlags } from "./new-sale.ts"
import type { SaleActions } from "./sale-actions.ts"

type Run = (shop: SaleActions, ...names: string[]) => Promise<void>

/** `sale` and what an administrator does with sales, each as a command of its own. */
export function saleCommand(): Command {
  return new Command("sale")
    .description("Create, watch and steer sales.")
    .addCommand(act("list", [], "Every sale with its stock.", "sale list", shop => shop.list()))
    .addCommand(act("show", ["sale"], "One sale, as JSON.", "sale show shoes", (shop, id) => shop.show(id!)))
    .addCommand(createCommand())
    .addCommand(act("open", ["sale"], "Open a scheduled sale now.", "sale open shoes", (shop, id) => shop.open(id!)))
    .addCommand(steer("pause", "Sell nothing until it is resumed."))
    .addCommand(steer("resume", "Go on selling."))
    .addCommand(steer("close", "End a sale for good."))
    .addCommand(
      act("restock", ["sale", "sku", "units"], "Add units.", "sale restock shoes shoe-42 10", (shop, id, sku, units) =>
        shop.restock(id!, sku!, units!),
      ),
    )
    .addCommand(ordersCommand())
    .addHelpText("after", "\nExample:\n  doorbuster sale list\n  doorbuster sale create --help")
}

function steer(verb: "pause" | "resume" | "close", description: string): Command {
  return act(verb, ["sale"], description, `sale ${verb} shoes`, (shop, id) => shop.steer(id!, verb))
}

function act(name: string, names: string[], description: string, example: string, run: Run): Command {
  const command = withAdminOptions(new Command(name)).description(description)
  for (const argument of names) command.argument(`<${argument}>`)
  return command.addHelpText("after", `\nExample:\n  doorbuster ${example}`).action(async (...given: unknown[]) => {
    const { withSaleActions: withShop } = await import("./sale-actions.ts")
    await withShop(command, shop => run(shop, ...(given.slice(0, names.length) as string[])))
  })
}

const CREATE_EXAMPLES = `
Examples:
  doorbuster sale create --id shoes --name "Shoe drop" --sku shoe-42 --units 100 --price 14900 --currency EUR
  doorbuster sale create --id shoes --name "Shoe drop" --sku shoe-42 --units 100 --price 14900 --currency EUR \\
      --opens 2030-05-01T19:00:00Z --checkout hold --hold-seconds 300 --limit 2
  doorbuster sale create --file sale.json      the body of POST /api/v1/admin/sales; several items need it`

function createCommand(): Command {
  const command = withAdminOptions(new Command("create"))
  return command
    .description("Create a sale with one item, or from a file.")
    .option("--file <json>", "the whole sale; no other option then")
    .option("--id <id>", "names the sale in addresses")
    .option("--name <text>", "for people")
    .option("--description <text>", "for people")
    .option("--sku <sku>", "names the item (the sale's id)")
    .option("--units <n>", "how many there are")
    .option("--price <n>", "in minor units: 14900 is 149.00 EUR")
    .option("--list-price <n>", "the price that is struck out")
    .option("--currency <code>", "ISO 4217")
    .option("--limit <n>", "units per customer (1)")
    .option("--opens <time>", "RFC 3339 (now)")
    .option("--closes <time>", "RFC 3339 (never)")
    .option("--checkout <kind>", "instant or hold (instant)")
    .option("--hold-seconds <n>", "how long a unit is held for payment, in a hold sale")
    .addHelpText("after", CREATE_EXAMPLES)
    .action(async (flags: CreateFlags) => {
      const { withSaleActions: withShop } = await import("./sale-actions.ts")
      const { newSale } = await import("./new-sale.ts")
      await withShop(command, shop => shop.create(newSale(flags, Date.now())))
    })
}

function ordersCommand(): Command {
  const command = withAdminOptions(new Command("orders"))
  return command
    .description("Every order of a sale: JSON lines, or CSV.")
    .argument("<sale>")
    .option("--csv", "as CSV")
    .addHelpText("after", "\nExample:\n  doorbuster sale orders shoes --csv > orders.csv")
    .action(async (id: string, { csv }: { csv?: true }) => {
      const { withSaleActions: withShop } = await import("./sale-actions.ts")
      await withShop(command, shop => (csv ? shop.ordersCsv(id) : shop.orders(id)))
    })
}
