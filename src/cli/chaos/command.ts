import { Command } from "commander"
import { exampleText, milliseconds, wholeNumber, withAdminOptions } from "../options.ts"
import type { ChaosFlags } from "./run.ts"

const EXAMPLES = exampleText([
  ["Kill a replica every second, ten times, then audit", "chaos"],
  ["A longer drill", "chaos --kills 100 --every 500ms --buyers 30000 --units 20000"],
])

const NOTE = `
The command creates a practice sale of its own, lets bots buy in it, kills random replicas with SIGKILL meanwhile, and
audits the sale against the history of every request. Ctrl-C ends the kills and the load, then audits; a second Ctrl-C
ends at once. The practice sale is closed in each case.
The exit code is 1 if a promise was broken or if a replica did not come back.`

export function chaosCommand(): Command {
  return withAdminOptions(new Command("chaos"))
    .description("Kill replicas of a running system under load, then audit.")
    .option("--units <n>", "units for sale", wholeNumber(1_000_000), 5000)
    .option("--buyers <n>", "bots, spread evenly over the time of the kills", wholeNumber(1_000_000), 6000)
    .option("--concurrency <n>", "purchases in progress at once", wholeNumber(2000), 50)
    .option("--kills <n>", "replicas to kill", wholeNumber(10_000), 10)
    .option("--every <time>", "time from one kill to the next, such as 500ms or 2s", milliseconds, 1000)
    .option("--secret <text>", "sign the bots' tokens with the system's SESSION_SECRET instead of opening sessions")
    .option("--history <file>", "keep the history of every request in this file")
    .option("--report <file>", "write the result as a page with plots, to show to others")
    .option("--i-own-this-system", "allow a --url other than this machine")
    .addHelpText("after", `\n${EXAMPLES}\n${NOTE}`)
    .action(async (flags: ChaosFlags, command: Command) => {
      const { runChaos } = await import("./run.ts")
      await runChaos(flags, command)
    })
}
