import { Command, InvalidArgumentError } from "commander"
import { type AdminFlags, withAdminOptions } from "../admin-options.ts"

const EXAMPLES = `
Examples:
  doorbuster chaos                               10 kills, one a second, then the audit
  doorbuster chaos --kills 100 --every 500ms --buyers 30000 --units 20000

It sells a practice sale of its own, kills random replicas (SIGKILL) meanwhile, and audits what is left with the
history of every request. Exit code 1 if a promise was broken or a replica did not come back.`

export interface ChaosFlags extends AdminFlags {
  units: number
  buyers: number
  concurrency: number
  kills: number
  every: number
  secret?: string
  history?: string
  report?: string
  iOwnThisSystem?: true
}

export function chaosCommand(): Command {
  return withAdminOptions(new Command("chaos"))
    .description("Break parts of a running system under load, then audit.")
    .option("--units <n>", "units on sale", wholeNumber(1_000_000), 5000)
    .option("--buyers <n>", "bots, spread evenly over the time of the kills", wholeNumber(1_000_000), 6000)
    .option("--concurrency <n>", "purchases under way at once", wholeNumber(2000), 50)
    .option("--kills <n>", "replicas to kill", wholeNumber(10_000), 10)
    .option("--every <time>", "from one kill to the next, such as 500ms or 2s", milliseconds, 1000)
    .option("--secret <text>", "sign the bots' tokens with the system's SESSION_SECRET instead of opening sessions")
    .option("--history <file>", "keep the history of every request here")
    .option("--report <file>", "write what happened as a page with plots, to show to somebody")
    .option("--i-own-this-system", "allow a --url that is not this machine")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: ChaosFlags, command: Command) => {
      const { runChaos } = await import("./run.ts")
      await runChaos(flags, command)
    })
}

function wholeNumber(max: number): (text: string) => number {
  return text => {
    const value = /^[0-9]+$/.test(text) ? Number(text) : 0
    if (value < 1 || value > max) throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
    return value
  }
}

function milliseconds(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s)$/.exec(text)
  const value = match ? Number(match[1]) * (match[2] === "s" ? 1000 : 1) : 0
  if (value < 50 || value > 600_000) throw new InvalidArgumentError("It must be from 50ms to 600s.")
  return value
}
