import { Command } from "commander"
import { CliError } from "../../src/cli/cli-error.ts"
import { paint } from "../../src/cli/terminal.ts"
import { DemoError } from "./compose.ts"

const screen = process.stdout

/** One result of a demonstration, and whether it is as it should be. */
export interface Finding {
  what: string
  isSo: boolean
}

interface Demonstration {
  /** As in `npm run demo:balance`. */
  name: string
  title: string
  /** What it does, and what should happen. */
  does: string
  expects: string
  /** True if it can write a page with its results. */
  reports?: boolean
  run(flags: { report?: string }): Promise<Finding[]>
}

/** Runs a demonstration, prints everything from its title to its verdict, and ends with exit code 0 or 1. */
export async function perform(demonstration: Demonstration): Promise<never> {
  const { title, does, expects, run } = demonstration
  const flags = readFlags(demonstration)
  say(`\n${paint(screen, "bold", title)}\n`)
  say(`What it does        ${does}`)
  say(`What should happen  ${expects}\n`)
  try {
    const findings = await run(flags)
    say("")
    for (const { what, isSo } of findings)
      say(`  ${isSo ? paint(screen, "green", "✓") : paint(screen, "red", "✗")} ${what}`)
    const isGood = findings.every(({ isSo }) => isSo)
    say(`\n${isGood ? paint(screen, "green", "PASSED") : paint(screen, "red", "FAILED")}: ${title}`)
    process.exit(isGood ? 0 : 1)
  } catch (error) {
    const isForPeople = error instanceof DemoError || error instanceof CliError
    console.error(isForPeople ? `demo: ${error.message}` : error)
    process.exit(1)
  }
}

export function say(line: string): void {
  screen.write(`${line}\n`)
}

function readFlags({ name, does, expects, reports }: Demonstration): { report?: string } {
  const command = new Command(`npm run demo:${name}`).description(
    `${does}\n${expects}\n\nStarts the stack in containers if it is not running.`,
  )
  if (reports) command.option("--report <file>", "write the results as a page with plots, to show to others")
  const flags = reports ? " -- --report demo.html" : ""
  return command.addHelpText("after", `\nExample:\n  npm run demo:${name}${flags}`).parse().opts()
}
