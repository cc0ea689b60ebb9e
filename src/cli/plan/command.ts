import { Command } from "commander"
import { type Example, exampleText, wholeNumber } from "../options.ts"
import { COSTS } from "./costs.ts"
import { planFor } from "./plan.ts"
import { planSummary } from "./summary.ts"

/** Far beyond every launch there ever was: a number above it is a slip. */
const RATE_MAX = 100_000_000
const PEOPLE_MAX = 1_000_000_000
const SALES_MAX = 1_000

const EXAMPLES: Example[] = [
  ["A million attempts a second for 100,000 units", "plan --rate 1000000 --stock 100000 --buyers 10000000"],
  ["The same figures for a program", "plan --rate 20000 --stock 5000 --buyers 200000 --json"],
]

interface PlanFlags {
  rate: number
  stock: number
  buyers: number
  viewers?: number
  sales: number
  json?: true
}

/** `doorbuster plan`: needs no running system. */
export function planCommand(): Command {
  return new Command("plan")
    .description("Compute what a launch needs: cores, replicas, shards, memory, disk and network, from measured costs.")
    .requiredOption("--rate <n>", "attempts a second at the peak", wholeNumber(RATE_MAX))
    .requiredOption("--stock <n>", "units for sale, one an order", wholeNumber(PEOPLE_MAX))
    .requiredOption("--buyers <n>", "customers who try to buy", wholeNumber(PEOPLE_MAX))
    .option("--viewers <n>", "live streams open at once (default: one in ten buyers)", wholeNumber(PEOPLE_MAX, 0))
    .option("--sales <n>", "sales among which the attempts are spread", wholeNumber(SALES_MAX), 1)
    .option("--json", "print the figures as JSON")
    .addHelpText("after", `\n${exampleText(EXAMPLES)}`)
    .action(({ rate, stock, buyers, viewers = Math.ceil(buyers / 10), sales, json }: PlanFlags) => {
      const plan = planFor({ rate, stock, buyers, viewers, sales }, COSTS)
      const text = json ? JSON.stringify({ ...plan, costs: COSTS }, null, 2) : planSummary(plan, COSTS).join("\n")
      process.stdout.write(`${text}\n`)
    })
}
