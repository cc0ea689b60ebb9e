import { afterAll, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Command } from "commander"
import packageJson from "../../../package.json" with { type: "json" }
import { program } from "../../../src/cli/program.ts"
import { doorbuster } from "../../support/launch.ts"

const COMMANDS = ["up", "serve", "worker", "sale", "attack", "chaos", "audit"]
const SALE_COMMANDS = ["list", "show", "create", "open", "pause", "resume", "close", "restock", "orders"]

describe("help", () => {
  test("doorbuster --version prints the version of package.json", async () => {
    const { code, out, err } = await doorbuster(["--version"])
    expect([code, out, err]).toEqual([0, `${packageJson.version}\n`, ""])
  }, 30_000)

  test("doorbuster --help names every command and shows examples", async () => {
    const { code, out, err } = await doorbuster(["--help"])
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"))
    expect(out).toMatch(/^Examples:\n {2}.*:\n {4}npx doorbuster /m)
    expect([code, err]).toEqual([0, ""])
  }, 30_000)

  test.concurrent.each([...COMMANDS, ...SALE_COMMANDS.map(name => `sale ${name}`)])(
    "doorbuster %s --help shows an example",
    async path => {
      const words = path.split(" ")
      const { code, out, err } = await doorbuster([...words, "--help"])
      expect(out).toMatch(/^Examples?:\n {2}.*:\n {4}.*npx doorbuster /m)
      expect(out).toContain(`Usage: doorbuster ${path}`)
      expect([code, err]).toEqual([0, ""])
    },
    30_000,
  )

  test("up --help lists every setting with its default", async () => {
    const { out } = await doorbuster(["up", "--help"])
    for (const setting of [
      "PORT",
      "HOST",
      "DATA_DIR",
      "REPLICAS",
      "INVENTORY_URL",
      "LEDGER_URL",
      "SESSION_SECRET",
      "ADMIN_TOKEN",
      "DEMO",
      "LOG_LEVEL",
    ]) {
      expect(out).toMatch(new RegExp(`^  ${setting} .*\\(.+\\)$`, "m"))
    }
  }, 30_000)

  test.concurrent.each([
    ["serve", ["SESSION_SECRET", "ADMIN_TOKEN", "INVENTORY_URL", "LEDGER_URL"], ["REPLICAS", "DATA_DIR"]],
    [
      "worker",
      ["INVENTORY_URL", "LEDGER_URL"],
      ["REPLICAS", "DATA_DIR", "SESSION_SECRET", "ADMIN_TOKEN", "STREAMS_MAX"],
    ],
  ] as const)(
    "%s --help says which settings it needs, and lists none that it does not use",
    async (role, needed, unused) => {
      const { out } = await doorbuster([role, "--help"])
      expect(out).not.toContain("made at first start")
      for (const setting of needed) expect(out).toMatch(new RegExp(`^  ${setting} .*\\(must be set\\)$`, "m"))
      for (const setting of unused) expect(out).not.toMatch(new RegExp(`^  ${setting} `, "m"))
    },
    30_000,
  )
})

describe("examples", () => {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-examples-"))
  afterAll(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, "data"))
  writeFileSync(join(folder, "data/session-secret"), "a secret\n")
  const all = withSubcommands(commandLine(() => {})).flatMap(command => examplesOf(command))

  test.each(all)("%s can be pasted: its command line parses", example => {
    for (const args of splitByShell(example, folder)) {
      const parsed = new Set<string>()
      const parse = () => commandLine(name => parsed.add(name)).parse(args, { from: "user" })
      if (args.includes("--help")) expect(parse).toThrow("(outputHelp)")
      else parse()
      const [name = "no command"] = parsed
      expect([parsed.size, args.slice(0, name.split(" ").length).join(" ")]).toEqual([1, name])
    }
  })
})

/** The program with actions and help that only tell the name of their command. It throws instead of exiting. */
function commandLine(onParsed: (name: string) => void): Command {
  const role = async () => {}
  const root = program({
    up: role,
    serve: role,
    worker: role,
    settings: () => [["PORT", "8080", ""]],
    settingsNote: [],
  })
  for (const command of withSubcommands(root)) {
    command.exitOverride()
    command.configureOutput({ writeOut: () => onParsed(pathOf(command)) })
    if (command.commands.length === 0) command.action(() => onParsed(pathOf(command)))
  }
  return root
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function pathOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${parent.name()} ${command.name()}` : command.name()
}

/** The lines of a command's help that stand below "Example:" or "Examples:" as a command. */
function examplesOf(command: Command): string[] {
  let help = ""
  command.configureOutput({ writeOut: text => (help += text) }).outputHelp()
  return [...help.matchAll(/^ {4}(.*npx doorbuster .*)$/gm)].map(([, line = ""]) => line)
}

/** Runs an example in a shell where `npx` only writes down its arguments. Returns one list for each call. */
function splitByShell(example: string, cwd: string): string[][] {
  const record = join(cwd, "calls")
  writeFileSync(record, "")
  const npx = `npx() { shift; printf '%s\\0' "$@" >> "$CALLS"; printf '\\n' >> "$CALLS"; }`
  // The machine may have Node and npm alone.
  const cat = `cat() { read -r line < "$1"; printf '%s\\n' "$line"; }`
  const env = { PATH: process.env.PATH ?? "", CALLS: record }
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-c", `${npx}; ${cat}; ${example}`], { cwd, env })
  expect([exitCode, stderr.toString()]).toEqual([0, ""])
  const calls = readFileSync(record, "utf8").split("\n").filter(Boolean)
  return calls.map(call => call.split("\0").slice(0, -1))
}

test.concurrent.each([
  [["frobnicate"], '"frobnicate"'],
  [["up", "now"], '"now"'],
  [["--nope"], "--nope"],
  [["attack", "--nope"], "--nope"],
  [["sale", "frobnicate"], "frobnicate"],
  [["serve"], "doorbuster up"],
])(
  "doorbuster %p prints one sentence and ends with exit code 1",
  async (args, word) => {
    const { code, out, err } = await doorbuster(args)
    expect(err.trim().split("\n").length).toBe(1)
    expect(err).toContain(word)
    expect([code, out]).toEqual([1, ""])
  },
  30_000,
)
