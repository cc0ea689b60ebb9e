import { Command, Option } from "commander"
import { BUYERS_MAX, CONCURRENCY_MAX, type Example, exampleText, positiveNumber, wholeNumber } from "../options.ts"
import { DEFAULTS } from "./options.ts"
import type { AttackFlags } from "./run.ts"

const DAY_SECONDS = 86_400

const EXAMPLES: Example[] = [
  ["500 bots buy from the first open sale", "attack"],
  [
    "100,000 bots, with tokens that are signed here instead of as many sessions",
    'attack --buyers 100000 --concurrency 200 --secret "$(cat data/session-secret)"',
  ],
  [
    "2,000 purchases per second, however fast the system answers (open loop)",
    "attack --rate 2000 --duration 30 --buyers 60000",
  ],
  ["Also write a page with plots, to show to others", "attack --report attack.html"],
  ["One buyer who clicks fifty times at once", "attack --buyers 1 --requests-per-buyer 50"],
  ["One hostile client of every kind for ten seconds; does the shop hold?", "attack --persona all"],
]

const NOTE = `
Ctrl-C ends the attack early, with its report. A second Ctrl-C ends it at once.
The exit code is 1 if the stock does not add up afterwards, if an order was given twice, or if no attempt was decided.
With --persona, --rate is the requests per second of each persona (100) and --duration how long they attack (10); the
exit code is 1 if an attack has an effect that it must not have, or if honest buyers notice it.`

export function attackCommand(): Command {
  return new Command("attack")
    .description("Send many bots at once against a running system.")
    .option("--url <url>", "where the system runs", DEFAULTS.url)
    .option("--sale <id>", "the sale to attack (default: the first open one)")
    .option("--sku <sku>", "the item to buy (default: the sale's first)")
    .option("--quantity <n>", "units per purchase", wholeNumber(1000), DEFAULTS.quantity)
    .option("--buyers <n>", "distinct customers", wholeNumber(BUYERS_MAX), DEFAULTS.buyers)
    .option("--concurrency <n>", "purchases in progress at once", wholeNumber(CONCURRENCY_MAX), DEFAULTS.concurrency)
    .option("--requests-per-buyer <n>", "purchases per buyer", wholeNumber(BUYERS_MAX), DEFAULTS.requestsPerBuyer)
    .option(
      "--rate <n>",
      "open loop: begin so many purchases per second, however fast the system answers",
      positiveNumber(1_000_000),
    )
    .option("--duration <seconds>", "begin no purchase later than this", positiveNumber(DAY_SECONDS))
    .option(
      "--timeout <seconds>",
      "how long to wait for an answer; after that the outcome is unknown",
      positiveNumber(600),
      DEFAULTS.timeoutMs / 1000,
    )
    .option(
      "--patience <seconds>",
      "how long to repeat a purchase whose outcome is unknown",
      positiveNumber(3600),
      DEFAULTS.patienceMs / 1000,
    )
    .option("--secret <text>", "sign the buyers' tokens with the system's SESSION_SECRET")
    .option("--token-source <file>", "take the buyers' tokens from a file with one token per line")
    .addOption(
      new Option(
        "--customer-secret <text>",
        "the system's CUSTOMER_ID_SECRET, for tokens with subjects such as auth0|x",
      ).env("CUSTOMER_ID_SECRET"),
    )
    .option("--history <file>", "write every request and its answer as JSON lines, for the audit")
    .option("--json <file>", "write the report as JSON")
    .option("--report <file>", "write the report as a page with plots, to show to others")
    .option(
      "--persona <names>",
      "be hostile clients instead of many buyers: poison, churn, streams, junk, guess, slow (with commas) or all",
    )
    .option("--operators-url <url>", "where operators sign in, for guess (default: --url)")
    .addOption(new Option("--admin-token <token>", "the right token, for guess").env("ADMIN_TOKEN"))
    .option("--i-own-this-system", "allow a --url other than this machine")
    .addHelpText("after", `\n${exampleText(EXAMPLES)}\n${NOTE}`)
    .action(async (flags: AttackFlags, command: Command) => {
      // Loaded only here, because the histogram takes longer to load than the rest of the program.
      const { runAttack } = await import("./run.ts")
      await runAttack(flags, command)
    })
}
