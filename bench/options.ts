import { Command, InvalidArgumentError } from "commander"
import { wholeGiven } from "../src/wire/given.ts"
import { CONTENDERS, type ContenderName } from "./contender.ts"

export type Part = "rounds" | "drill" | "start" | "scale"

export interface Options {
  parts: Set<Part>
  rounds: number
  seconds: number
  connections: number[]
  only: ContenderName[]
  starts: number
  orders: number
  scaleRounds: number
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
Examples:
  Everything, in about 20 minutes:
    npm run bench
  One short round, to check that everything works:
    npm run bench -- --quick
  Two contenders, three rounds:
    npm run bench -- --only embedded,floor --rounds 3 --no-scale
  Only the figures of a million orders:
    npm run bench -- --scale
  Whether this tree is slower than a commit:
    npm run bench -- --compare HEAD~1
  A page from the results of an earlier run:
    npm run bench -- --from bench/results/2026-11-24-0018.json --report bench.html`

export function readOptions(argv: string[]): Options {
  const command = new Command("npm run bench --")
    .description("Compare Doorbuster with the design it replaced and with bare HTTP, in alternating rounds.")
    .option("--rounds <n>", "alternating rounds", within(1, 100), 5)
    .option("--seconds <n>", "length of one run", within(1, 60), 4)
    .option("--connections <list>", "connections of the load", numbers, [64, 256])
    .option("--only <list>", `of ${CONTENDERS.join(", ")}`, contenders, [...CONTENDERS])
    .option("--orders <n>", "orders of the large system", within(10_000, 5_000_000), 1_000_000)
    .option("--quick", "one round of 1 s, without scale figures; no results are saved")
    .option("--scale", "measure only the scale figures")
    .option("--no-scale", "leave out the scale figures")
    .option("--report <file>", "write the figures as a page with plots, to show to others")
    .option("--from <file>", "report the raw rounds of an earlier run instead of measuring")
    .option("--compare <commit>", "compare the embedded system of a commit with this tree's, in 7 rounds or more")
    .addHelpText("after", EXAMPLES)
    .parse(argv)
  const { rounds, seconds, connections, only, orders, quick, scale, report, from, compare } = command.opts()
  const parts = new Set<Part>(scale === true ? ["scale"] : ["rounds"])
  if (scale !== true && only.includes("embedded")) parts.add("start")
  if (scale !== true && !quick && only.includes("stack")) parts.add("drill")
  if (scale === undefined && !quick && only.includes("embedded")) parts.add("scale")
  const short = quick ? { rounds: 1, seconds: 1, starts: 1 } : {}
  const usual = { parts, rounds, seconds, connections, only, starts: 5, orders, scaleRounds: 6, keep: !quick }
  return { ...usual, ...short, report, from, compare }
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
