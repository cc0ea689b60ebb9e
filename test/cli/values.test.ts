import { expect, test } from "bun:test"
import { type Command, CommanderError } from "commander"
import { program } from "../../src/cli/program.ts"

/*
 * The kind: see test/wire/given.test.ts. Here every option and argument of every command is given what an unset shell
 * variable leaves, and every number what a lenient reader takes for another one.
 */
const none = async (): Promise<void> => {}
const roles = { up: none, serve: none, worker: none, settings: () => [], settingsNote: [] }

function commands(command: Command = program(roles)): Command[] {
  return command.commands.flatMap(one => (one.commands.length > 0 ? commands(one) : [one]))
}

function path(command: Command): string[] {
  return command.parent ? [...path(command.parent), command.name()] : []
}

/** What the program says before it does anything; undefined if it began. */
async function refusal(words: string[]): Promise<string | undefined> {
  const root = program(roles)
  let said = ""
  for (const one of [root, ...root.commands, ...commands(root)]) {
    one.exitOverride().showHelpAfterError(false)
    one.configureOutput({ writeErr: text => (said += text) })
    if (one.commands.length === 0) one.action(none)
  }
  try {
    await root.parseAsync(words, { from: "user" })
    return undefined
  } catch (error) {
    if (error instanceof CommanderError) return said
    throw error
  }
}

const GIVEN: Record<string, string> = { name: "olga", sale: "shoes", sku: "shoe-42", units: "10" }
const argumentsOf = (command: Command) => command.registeredArguments.map(one => GIVEN[one.name()] ?? "")

const NAMES: Record<string, string> = { "--role": "viewer", "--scope": "orders:read" }
const MANDATORY: Record<string, string> = { ...NAMES, "--rate": "10", "--stock": "10", "--buyers": "10" }
/** The mandatory options of a command beside this one. */
const othersOf = (command: Command, flag: string) =>
  command.options
    .map(one => one.long ?? "")
    .filter((one, at) => command.options[at]?.mandatory && one !== flag)
    .flatMap(one => [one, MANDATORY[one] ?? ""])

const options = commands().flatMap(command =>
  command.options
    .filter(one => one.required)
    .map(one => one.long ?? "")
    .map(flag => {
      return { command, flag, words: [...path(command), ...argumentsOf(command), ...othersOf(command, flag)] }
    }),
)

test("there are options to try", () => expect(options.length).toBeGreaterThan(60))

test.each(options.map(one => [`${path(one.command).join(" ")} ${one.flag}`, one] as const))(
  "given an empty text, %s is one sentence",
  async (_, { flag, words }) => {
    const said = await refusal([...words, flag, ""])
    expect(said).toContain(flag)
    expect(said).toMatch(/^[^\n]+\.\n$/)
  },
)

const NUMBERS = ["0x10", "1e3", "-5", "+5", " 5", "5 ", "1,000", "٥", "Infinity", "99999999999999999999", "0"]
/** These may be none. */
const COUNTS = ["--viewers"]
const numeric = options.filter(({ command, flag }) => {
  const option = command.options.find(one => one.long === flag)
  return option?.parseArg !== undefined && option.argChoices === undefined && !(flag in NAMES)
})

test("there are numbers to try", () => expect(numeric.length).toBeGreaterThan(10))

test.each(numeric.map(one => [`${path(one.command).join(" ")} ${one.flag}`, one] as const))(
  "given a number in another form, %s is one sentence",
  async (_, { flag, words }) => {
    for (const text of NUMBERS.filter(text => text !== "0" || !COUNTS.includes(flag)))
      expect([text, await refusal([...words, `${flag}=${text}`])]).toEqual([text, expect.stringContaining("Give ")])
  },
)

const withArguments = commands().filter(one => one.registeredArguments.length > 0 && path(one)[0] === "sale")

test.each(withArguments.map(one => [path(one).join(" "), one] as const))(
  "given an argument in another form, %s is one sentence",
  async (_, command) => {
    const right = argumentsOf(command)
    expect(await refusal([...path(command), ...right])).toBeUndefined()
    for (const [at, argument] of command.registeredArguments.entries()) {
      const wrong =
        argument.name() === "units"
          ? ["", ...NUMBERS.filter(text => text[0] !== "-")]
          : ["", "../x", "a b", "é", "x".repeat(65)]
      for (const text of wrong) {
        expect([text, await refusal([...path(command), ...right.with(at, text)])]).toEqual([
          text,
          expect.stringMatching(/^[^\n]+\.\n$/),
        ])
      }
    }
  },
)
