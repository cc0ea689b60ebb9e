import { Command } from "commander"
import { type Example, exampleText, idText, wholeNumber, withAdminOptions } from "../options.ts"
import type { CreateFlags } from "./new-sale.ts"
import type { SaleActions } from "./sale-actions.ts"

/** What one restock may add; the server refuses more. */
const UNITS_MAX = 1_000_000_000

interface Action {
  name: string
  description: string
  /** The names of the arguments; the first is always a sale. */
  args: (keyof typeof ARGUMENTS)[]
  example: Example
  run: (actions: SaleActions, sale: string, ...more: string[]) => Promise<void>
}

/** What each argument must be. */
const ARGUMENTS = { sale: idText, sku: idText, units: (text: string) => String(wholeNumber(UNITS_MAX)(text)) }

const VERBS = {
  pause: ["Stop selling until the sale is resumed.", "Pause a sale"],
  resume: ["Continue to sell after a pause.", "Resume a sale"],
  close: ["End a sale for good.", "Close a sale"],
} as const

/** `doorbuster sale` and its subcommands, with which an administrator manages sales. */
export function saleCommand(): Command {
  return new Command("sale")
    .description("Create and manage sales.")
    .addCommand(
      actionCommand({
        name: "list",
        description: "List every sale with its stock.",
        args: [],
        example: ["List all sales", "sale list"],
        run: actions => actions.list(),
      }),
    )
    .addCommand(
      actionCommand({
        name: "show",
        description: "Show one sale as JSON.",
        args: ["sale"],
        example: ["Show the sample sale", "sale show iphone-17-pro-max"],
        run: (actions, id) => actions.show(id),
      }),
    )
    .addCommand(createCommand())
    .addCommand(
      actionCommand({
        name: "open",
        description: "Open a scheduled sale now.",
        args: ["sale"],
        example: ["Open a sale before its time", "sale open shoes"],
        run: (actions, id) => actions.open(id),
      }),
    )
    .addCommand(verbCommand("pause"))
    .addCommand(verbCommand("resume"))
    .addCommand(verbCommand("close"))
    .addCommand(
      actionCommand({
        name: "restock",
        description: "Add units to an item.",
        args: ["sale", "sku", "units"],
        example: ["Add ten units", "sale restock shoes shoe-42 10"],
        run: (actions, id, sku = "", units = "") => actions.restock(id, sku, Number(units)),
      }),
    )
    .addCommand(ordersCommand())
    .addHelpText(
      "after",
      `\n${exampleText([
        ["List all sales", "sale list"],
        ["Show how to create one", "sale create --help"],
      ])}`,
    )
}

function verbCommand(verb: keyof typeof VERBS): Command {
  const [description, what] = VERBS[verb]
  const example: Example = [what, `sale ${verb} shoes`]
  return actionCommand({
    name: verb,
    description,
    args: ["sale"],
    example,
    run: (actions, id) => actions.changeState(id, verb),
  })
}

function actionCommand({ name, description, args, example, run }: Action): Command {
  const command = withAdminOptions(new Command(name)).description(description)
  for (const argument of args) command.argument(`<${argument}>`, "", ARGUMENTS[argument])
  return command.addHelpText("after", `\n${exampleText([example])}`).action(async (...given: unknown[]) => {
    const { withSaleActions } = await import("./sale-actions.ts")
    const [sale = "", ...more] = given.slice(0, args.length) as string[]
    await withSaleActions(command, actions => run(actions, sale, ...more))
  })
}

const CREATE = 'sale create --id shoes --name "Shoe drop" --sku shoe-42 --units 100 --price 149.00 --currency EUR'
const CREATE_EXAMPLES = exampleText([
  ["A sale that is open at once, one unit per customer", CREATE],
  [
    "A sale that opens later and holds a unit for five minutes, two units per customer",
    `${CREATE} --opens 2030-05-01T19:00:00Z --checkout hold --hold-seconds 300 --limit 2`,
  ],
  [
    "A sale from a file: the body of POST /api/v1/admin/sales, which may have several items",
    "sale create --file sale.json",
  ],
])

function createCommand(): Command {
  const command = withAdminOptions(new Command("create"))
  return command
    .description("Create a sale with one item, or from a file.")
    .option("--file <json>", "read the whole sale from a file; the options below are then ignored")
    .option("--id <id>", "the sale's name in addresses")
    .option("--name <text>", "the sale's name for customers")
    .option("--description <text>", "a text for customers")
    .option("--sku <sku>", "the item's name in addresses (default: the sale's id)")
    .option("--units <n>", "how many units there are")
    .option("--price <amount>", "the price, with the decimals of its currency: 149.00 in EUR, 14900 in JPY")
    .option("--list-price <amount>", "the regular price, which is shown struck through")
    .option("--currency <code>", "the currency's ISO 4217 code")
    .option("--limit <n>", "units per customer (default: 1)")
    .option("--opens <time>", "when the sale opens, in RFC 3339 (default: now)")
    .option("--closes <time>", "when the sale closes, in RFC 3339 (default: never)")
    .option("--checkout <kind>", "instant or hold (default: instant)")
    .option("--hold-seconds <n>", "how long a unit is held for payment, in a hold sale")
    .option("--max-releases <n>", "released orders of one customer before no further one is made (default: 20)")
    .option("--cooldown-seconds <n>", "a customer's wait after a release (default: 0)")
    .addHelpText("after", `\n${CREATE_EXAMPLES}`)
    .action(async (flags: CreateFlags) => {
      const { withSaleActions } = await import("./sale-actions.ts")
      const { newSale } = await import("./new-sale.ts")
      await withSaleActions(command, actions => actions.create(newSale(flags)))
    })
}

function ordersCommand(): Command {
  const command = withAdminOptions(new Command("orders"))
  return command
    .description("Print every order of a sale, as JSON lines or as CSV.")
    .argument("<sale>", "", idText)
    .option("--csv", "print CSV")
    .addHelpText("after", `\n${exampleText([["Save all orders as CSV", "sale orders shoes --csv > orders.csv"]])}`)
    .action(async (id: string, { csv }: { csv?: true }) => {
      const { withSaleActions } = await import("./sale-actions.ts")
      await withSaleActions(command, actions => (csv ? actions.ordersCsv(id) : actions.orders(id)))
    })
}
