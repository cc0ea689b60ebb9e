import { showHelp } from "../../scripts/show-help.ts"
import { wholeGiven } from "../../src/wire/given.ts"
import { valkeyImage } from "../../test/support/valkey.ts"
import { measureStore } from "./run.ts"

const HELP = `Usage: npm run bench:store -- [ROUNDS] [CALLS] [--valkey]

Measures the Redis functions alone: attempts that one core of Redis decides per second, beside plain DECR in pipelines of
the same size, and the memory per order. Nothing is written to disk, so the disk's speed does not count.

Arguments:
  ROUNDS    how often to measure; the median counts (default: 5)
  CALLS     calls in each round (default: 1000)
  --valkey  measure the image of compose.yaml in a container, instead of redis-server

Example:
  npm run bench:store -- 3 500`

showHelp(HELP)
const given = process.argv.slice(2)
const [rounds = "5", calls = "1000"] = given.filter(argument => argument !== "--valkey")
const ROUNDS = argument("ROUNDS", rounds, 1000)
const CALLS = argument("CALLS", calls, 1_000_000)

await measureStore({ rounds: ROUNDS, calls: CALLS, ...(given.includes("--valkey") && { image: valkeyImage() }) })

function argument(name: string, text: string, max: number): number {
  const value = wholeGiven(text, 1, max)
  if (value !== undefined) return value
  console.error(`${name} must be a whole number from 1 to ${max}, not ${JSON.stringify(text)}.`)
  process.exit(1)
}
