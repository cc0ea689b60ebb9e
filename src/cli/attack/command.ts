import { Command } from "commander"
import { BUYERS_MAX, CONCURRENCY_MAX, positiveNumber, wholeNumber } from "../number-options.ts"
import { DEFAULTS } from "./options.ts"

const DAY_SECONDS = 86_400

const EXAMPLES = `
Examples:
  doorbuster attack                                             500 bots after the first open sale
  doorbuster attack --buyers 100000 --concurrency 200 --secret "$SESSION_SECRET"
  doorbuster attack --rate 2000 --duration 30 --buyers 60000    open loop: 2,000 purchases a second
  doorbuster attack --report attack.html                        one page with plots, for whoever was not there
  doorbuster attack --buyers 1 --requests-per-buyer 50          one buyer, fifty clicks at once

Exit code 1 if the stock does not add up afterwards, or an order was given twice.`

/** What commander makes of the command line. */
export interface AttackFlags {
  url: string
  sale?: string
  sku?: string
  quantity: number
  buyers: number
  concurrency: number
  requestsPerBuyer: number
  rate?: number
  duration?: number
  timeout: number
  patience: number
  secret?: string
  tokenSource?: string
  history?: string
  json?: string
  report?: string
  iOwnThisSystem?: true
}

export function attackCommand(): Command {
  return new Command("attack")
    .description("The bots: many buyers at once against a running system.")
    .option("--url <url>", "where the system runs", DEFAULTS.url)
    .option("--sale <id>", "the sale to attack (the first open one)")
    .option("--sku <sku>", "the item to buy (the sale's first)")
    .option("--quantity <n>", "units per purchase", wholeNumber(1000), DEFAULTS.quantity)
    .option("--buyers <n>", "distinct customers", wholeNumber(BUYERS_MAX), DEFAULTS.buyers)
    .option("--concurrency <n>", "purchases under way at once", wholeNumber(CONCURRENCY_MAX), DEFAULTS.concurrency)
    .option("--requests-per-buyer <n>", "purchases per buyer", wholeNumber(BUYERS_MAX), DEFAULTS.requestsPerBuyer)
    .option("--rate <n>", "open loop: purchases begun per second, whatever the system does", positiveNumber(1_000_000))
    .option("--duration <seconds>", "begin no purchase later than this", positiveNumber(DAY_SECONDS))
    .option(
      "--timeout <seconds>",
      "a request's outcome is unknown after this",
      positiveNumber(600),
      DEFAULTS.timeoutMs / 1000,
    )
    .option(
      "--patience <seconds>",
      "repeat an unknown purchase for so long",
      positiveNumber(3600),
      DEFAULTS.patienceMs / 1000,
    )
    .option("--secret <text>", "sign the buyers' tokens with the system's SESSION_SECRET")
    .option("--token-source <file>", "take the buyers' tokens from a file, one a line")
    .option("--history <file>", "write every request and its end, as JSON lines, for the audit")
    .option("--json <file>", "write the report as JSON")
    .option("--report <file>", "write the report as a page with plots, to show to somebody")
    .option("--i-own-this-system", "allow a --url that is not this machine")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: AttackFlags, command: Command) => {
      // Loaded when asked for: the histogram takes longer to load than the rest of the program.
      const { runAttack } = await import("./run.ts")
      await runAttack(flags, command)
    })
}
