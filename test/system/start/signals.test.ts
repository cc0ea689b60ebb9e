import { expect } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { eventually } from "../../support/eventually.ts"
import { Folder } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { isGone, isStopped } from "../../support/processes.ts"
import { command as program } from "../../support/programs.ts"
import { CTRL_C, CTRL_Z, Terminal } from "./terminal.ts"

/** The shell of job control, and one that steps aside for its only command. */
const { test } = needs(program("bash"))
const ROOT = join(import.meta.dir, "../../..")
const LAUNCHER = ["node", join(ROOT, "bin/doorbuster.mjs")]
const PROGRAM = join(import.meta.dir, "slow-stopper.ts")
const LAUNCH = [...LAUNCHER, "--run", PROGRAM]
/** npm sets these for its own scripts; a command that a user types has none of them. */
const NOT_UNDER_NPM = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")))

/** A folder whose `npm run it` starts the program through the launcher. */
function folderWithScript(): Folder {
  const folder = new Folder()
  writeFileSync(folder.file("package.json"), JSON.stringify({ scripts: { it: LAUNCH.join(" ") } }))
  return folder
}

const signalsIn = (text: string) => text.match(/SIG[A-Z]+/g) ?? []

async function programOf(terminal: Terminal): Promise<number> {
  return Number((await terminal.prints(/ready (\d+)/))[1])
}

test.each([
  ["the launcher", LAUNCH],
  ["npm run, by a shell that stays", ["npm", "run", "it"]],
  ["npm run, by a shell that steps aside", ["npm", "--script-shell=/bin/bash", "run", "it"]],
])(
  "one Ctrl-C in a terminal reaches the program of %s once, and it ends in its own time",
  async (_, command) => {
    using folder = folderWithScript()
    const terminal = new Terminal(command, { cwd: folder.path, env: NOT_UNDER_NPM })
    const program = await programOf(terminal)
    terminal.type(CTRL_C)
    // npm reports the signal instead of the exit code where its shell died of it.
    expect([7, 130]).toContain(await terminal.exited)
    expect(signalsIn(terminal.printed)).toEqual(["SIGINT"])
    expect(isGone(program)).toBe(true)
  },
  30_000,
)

test.each([
  ["the launcher", LAUNCH],
  ["npm run, by a shell that stays", ["npm", "run", "it"]],
  ["npm run, by a shell that steps aside", ["npm", "--script-shell=/bin/bash", "run", "it"]],
])(
  "a second Ctrl-C ends the program of %s, even when it ignores signals",
  async (_, command) => {
    using folder = folderWithScript()
    const stubborn = command === LAUNCH ? [...LAUNCH, "stubborn"] : [...command, "--", "stubborn"]
    const terminal = new Terminal(stubborn, { cwd: folder.path, env: NOT_UNDER_NPM })
    const program = await programOf(terminal)
    terminal.type(CTRL_C)
    await terminal.prints(/SIGINT/)
    await eventually("the program is killed", () => {
      terminal.type(CTRL_C)
      return isGone(program)
    })
    expect(await terminal.exited).toBe(130)
  },
  30_000,
)

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s to the launcher alone reaches the program once; the exit code is the program's",
  async signal => {
    const child = Bun.spawn(LAUNCH, { env: NOT_UNDER_NPM, stdio: ["ignore", "pipe", "inherit"] })
    let printed = ""
    for await (const chunk of child.stdout) {
      printed += new TextDecoder().decode(chunk)
      if (printed.endsWith("\n") && !printed.includes("SIG")) child.kill(signal)
    }
    expect(signalsIn(printed)).toEqual([signal])
    expect(await child.exited).toBe(7)
  },
  30_000,
)

test("a launcher that is killed takes the program with it", async () => {
  const child = Bun.spawn(LAUNCH, { env: NOT_UNDER_NPM, stdio: ["ignore", "pipe", "inherit"] })
  const utf8 = new TextDecoder()
  let printed = ""
  for await (const chunk of child.stdout) {
    printed += utf8.decode(chunk)
    if (printed.endsWith("\n")) child.kill("SIGKILL")
  }
  expect(signalsIn(printed)).toEqual(["SIGTERM"])
  const program = Number(/ready (\d+)/.exec(printed)?.[1])
  await eventually("the program ends", () => isGone(program))
}, 30_000)

test("a terminal that closes ends the program with SIGTERM, as SIGHUP asks for a rolling restart", async () => {
  using folder = new Folder()
  const out = folder.file("out")
  // A shell of the terminal passes its SIGHUP on; the program's own output must outlive the terminal.
  const terminal = new Terminal(["bash", "-c", `exec ${LAUNCH.join(" ")} > ${out}`], { env: NOT_UNDER_NPM })
  const printed = () =>
    Bun.file(out)
      .text()
      .catch(() => "")
  await eventually("the program is ready", async () => (await printed()).includes("ready"))
  terminal.close()
  await eventually("the launcher ends", () => isGone(terminal.pid))
  expect(signalsIn(await printed())).toEqual(["SIGTERM"])
}, 30_000)

test("Ctrl-Z in a terminal stops launcher and program; fg lets both go on", async () => {
  const job = `${LAUNCH.join(" ")}; echo suspended; read; fg`
  const terminal = new Terminal(["bash", "--norc", "-ic", job], { env: NOT_UNDER_NPM })
  const program = await programOf(terminal)
  terminal.type(CTRL_Z)
  await terminal.prints(/suspended/)
  await eventually("the program stands still", () => isStopped(program))
  terminal.type("\n")
  await eventually("the program goes on", () => !isStopped(program))
  terminal.type(CTRL_C)
  await terminal.prints(/SIGINT/)
  await terminal.exited
  expect(signalsIn(terminal.printed)).toEqual(["SIGINT"])
  expect(isGone(program)).toBe(true)
}, 30_000)
