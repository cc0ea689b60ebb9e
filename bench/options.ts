import { Command, InvalidArgumentError, Option } from "commander"
import { wholeGiven } from "../src/wire/given.ts"
import { CONTENDERS, type ContenderName } from "./contender.ts"

/** What `npm run bench` measures, in this order. */
const USUAL = ["rates", "latency", "drill", "start", "store", "sizes", "ratio", "growth"] as const
/** What is measured only when it is asked for. */
const ASKED = ["soak", "profile"] as const

export type Part = (typeof USUAL)[number] | (typeof ASKED)[number]

export interface Options {
  parts: Set<Part>
  rounds: number
  seconds: number
  connections: number[]
  only: ContenderName[]
  starts: number
  orders: number
  growthRounds: number
  latencyRounds: number
  /** Minutes of the soak, for each contender. */
  soak: number
  /** The file for a page with the figures. */
  report?: string
  /** The raw rounds of an earlier run, which are reported instead of measuring. */
  from?: string
  /** The commit to compare this tree with, instead of measuring everything. */
  compare?: string
  /** True if the raw rounds are written to a file. */
  keep: boolean
}

const EXAMPLES = `
Without a part everything but the soak and the profiles is measured, in about 20 minutes, and docs/capacity.md, its plots
and the costs for \`doorbuster plan\` are written.

Examples:
  Everything, in about 20 minutes:
    npm run bench
  One short round, to check that everything works:
    npm run bench -- --quick
  Only the rates of two contenders, three rounds:
    npm run bench -- --rates --only embedded,floor --rounds 3
  Latency when buyers arrive at a constant rate:
    npm run bench -- --latency
  How costs grow with orders, sales, replicas, batches and shards; at night with ten million orders:
    npm run bench -- --growth
    npm run bench -- --growth --orders 10000000
  A launch every minute for 30 minutes, of each shape; or for 10 minutes, of one:
    npm run bench -- --soak
    npm run bench -- --soak 10 --only stack
  Profiles of replicas, supervisor and worker, beside the raw rounds:
    npm run bench -- --profile --rates
  Whether this tree is slower than a commit:
    npm run bench -- --compare HEAD~1
  A page from the results of an earlier run:
    npm run bench -- --from bench/results/2026-11-24-0018.json --report bench.html`

const SOAK_MINUTES = 30
const CONNECTIONS = [64, 256]

export function readOptions(argv: string[]): Options {
  const command = new Command("npm run bench --")
    .description("Compare Doorbuster with the design it replaced and with bare HTTP, in alternating rounds.")
    .option("--rounds <n>", "alternating rounds", within(1, 100), 5)
    .option("--seconds <n>", "length of one run", within(1, 60), 3)
    .addOption(
      new Option("--connections <list>", "connections of the load, with commas")
        .argParser(numbers)
        .default(CONNECTIONS, CONNECTIONS.join(",")),
    )
    .addOption(
      new Option("--only <list>", `of ${CONTENDERS.join(", ")}, with commas`)
        .argParser(contenders)
        .default([...CONTENDERS], CONTENDERS.join(",")),
    )
    .option("--orders <n>", "orders of the largest system", within(10_000, 10_000_000), 1_000_000)
    .option("--quick", "one round of 1 s of rates, latency and start; no results are saved")
    .option("--rates", "part: purchases a second, and their cost")
    .option("--latency", "part: latency at 25, 50, 75 and 90 % of the capacity, when buyers arrive at a constant rate")
    .option("--drill", "part: what fails while replicas are killed")
    .option("--start", "part: from the command to the first purchase")
    .option("--store", "part: the Redis functions alone, as npm run bench:store does")
    .option("--sizes", "part: bytes of requests, answers, orders, pages and live streams")
    .option("--ratio", "part: what CI measures, the embedded system's cost in multiples of the floor's")
    .option("--growth", "part: cost, memory and start against orders, sales, replicas, batches and shards")
    .addOption(
      new Option("--soak [minutes]", "part: launch after launch; minutes for each shape")
        .argParser(within(1, 24 * 60))
        .preset(String(SOAK_MINUTES)),
    )
    .option("--profile", "part: CPU profiles, from a run of their own")
    .option("--report <file>", "write the figures as a page with plots, to show to others")
    .option("--from <file>", "report the raw rounds of an earlier run instead of measuring")
    .option("--compare <commit>", "compare the embedded system of a commit with this tree's, in 7 rounds or more")
    .addHelpText("after", EXAMPLES)
    .parse(argv)
  const flags = command.opts()
  const { rounds, seconds, connections, only, orders, quick, soak, report, from, compare } = flags
  const parts = partsOf(flags, only)
  const short = quick ? { rounds: 1, seconds: 1, starts: 1, latencyRounds: 1 } : {}
  const usual = { parts, rounds, seconds, connections, only, orders, keep: !quick, soak: soak ?? SOAK_MINUTES }
  return { ...usual, starts: 5, growthRounds: 3, latencyRounds: 2, ...short, report, from, compare }
}

/** Those that are named, or all the usual ones that the contenders allow. */
function partsOf(flags: Record<string, unknown>, only: readonly ContenderName[]): Set<Part> {
  const named = [...USUAL, ...ASKED].filter(part => flags[part] !== undefined)
  const quick = flags.quick === true
  const chosen = named.length > 0 ? named : USUAL.filter(part => !quick || part !== "growth")
  const needs: Partial<Record<Part, ContenderName>> = {
    drill: "stack",
    start: "embedded",
    store: "stack",
    sizes: "stack",
    ratio: "embedded",
    growth: "embedded",
  }
  return new Set(
    chosen.filter(part => {
      if (quick && ["drill", "store", "sizes", "ratio"].includes(part)) return false
      const need = needs[part]
      return need === undefined || only.includes(need)
    }),
  )
}

function within(min: number, max: number): (text: string) => number {
  return text => {
    const value = wholeGiven(text, min, max)
    if (value !== undefined) return value
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`)
  }
}

function numbers(text: string): number[] {
  return text.split(",").map(within(1, 1000))
}

function contenders(text: string): ContenderName[] {
  return text.split(",").map(name => {
    const found = CONTENDERS.find(contender => contender === name)
    if (found) return found
    throw new InvalidArgumentError(`Give a list of ${CONTENDERS.join(", ")}.`)
  })
}
