import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Command, InvalidArgumentError, Option } from "commander"
import { positiveGiven, wholeGiven } from "../wire/given.ts"
import { isId } from "../wire/wire.ts"
import { CliError } from "./cli-error.ts"

/** Where a running system is, and how an administrator proves who they are. */
export interface AdminFlags {
  url: string
  adminToken?: string | undefined
  adminTokenFile?: string | undefined
  dataDir: string
}

export function withAdminOptions(command: Command): Command {
  return command
    .option("--url <url>", "where the system runs", "http://localhost:8080")
    .addOption(new Option("--admin-token <token>", "default: the file admin-token in --data-dir").env("ADMIN_TOKEN"))
    .addOption(new Option("--admin-token-file <file>", "a file that holds it").env("ADMIN_TOKEN_FILE"))
    .addOption(new Option("--data-dir <dir>", "the system's data folder").env("DATA_DIR").default("./data"))
}

/** The token from the options, or the one that the embedded system saved at its first start. Throws `CliError`. */
export function adminTokenOf({ adminToken, adminTokenFile, dataDir }: AdminFlags): string {
  if (adminToken) return adminToken
  // An environment variable without a text counts as not set.
  const file = adminTokenFile || join(dataDir || "./data", "admin-token")
  try {
    return readFileSync(file, "utf8").trim()
  } catch {
    throw new CliError(
      `An admin token is needed: give --admin-token or set ADMIN_TOKEN or ADMIN_TOKEN_FILE (${file} cannot be read).`,
    )
  }
}

/** How many sockets one process opens. The system's own limit is usually lower than a higher number. */
export const CONCURRENCY_MAX = 10_000
export const BUYERS_MAX = 10_000_000

/** Returns a parser for commander that accepts a whole number from `min` to `max`. */
export function wholeNumber(max: number, min = 1): (text: string) => number {
  return text => given(wholeGiven(text, min, max), `Give a whole number from ${min} to ${max}.`)
}

/** Returns a parser for commander that accepts a number above 0 and up to `max`. */
export function positiveNumber(max: number): (text: string) => number {
  return text => given(positiveGiven(text, max), `Give a number above 0 and up to ${max}.`)
}

/** Parses a time such as 500ms or 2s, from 50 milliseconds to 10 minutes. */
export function milliseconds(text: string): number {
  const [, number = "", unit] = /^([0-9.]+)(ms|s)$/.exec(text) ?? []
  const value = (positiveGiven(number, 600_000) ?? Number.NaN) * (unit === "s" ? 1000 : 1)
  return given(value >= 50 && value <= 600_000 ? value : undefined, "Give a time from 50ms to 600s.")
}

/** Parses the id of a sale or an item. */
export function idText(text: string): string {
  return given(isId(text) ? text : undefined, "Give 1 to 64 of A-Z a-z 0-9 _ -.")
}

/** Throws commander's error with this sentence if nothing was read. */
function given<Value>(value: Value | undefined, sentence: string): Value {
  if (value === undefined) throw new InvalidArgumentError(sentence)
  return value
}

/** An option or argument without a text is most likely a shell variable that is not set. */
export function refuseEmpty(command: Command): void {
  const option = command.options.find(one => {
    const name = one.attributeName()
    return command.getOptionValue(name) === "" && command.getOptionValueSource(name) === "cli"
  })
  if (option) command.error(`${option.long} is empty: give it a value, or leave it out.`)
  const argument = command.registeredArguments.find((_, at) => command.args[at] === "")
  if (argument) command.error(`<${argument.name()}> is empty.`)
}

/** How users type the command: in a clone through npx; a compiled program, which Bun unpacks to /$bunfs, by itself. */
export const INVOCATION = process.argv[1]?.startsWith("/$bunfs/") ? "doorbuster" : "npx doorbuster"

/** One example: what it does and its arguments, with settings for the environment in front of them if it needs any. */
export type Example = [what: string, args: string, settings?: string]

/** The part of a help text that shows examples. Each command can be pasted as it stands. */
export function exampleText(examples: readonly Example[]): string {
  const lines = examples.flatMap(([what, args, settings]) => [
    `  ${what}:`,
    `    ${[settings, INVOCATION, args].filter(Boolean).join(" ")}`,
  ])
  return [examples.length === 1 ? "Example:" : "Examples:", ...lines].join("\n")
}
