import { expect, test } from "bun:test"
import { join } from "node:path"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { Folder } from "../../support/launch.ts"
import { randomMoment } from "../../support/moments.ts"
import { needs } from "../../support/needs.ts"
import { isGone, killAll, processesOf } from "../../support/processes.ts"
import { command } from "../../support/programs.ts"
import { freePort } from "../../support/system.ts"
import { Terminal } from "./terminal.ts"

// The kind: whatever holds a start together ends, at any moment and in any way. Launcher, supervisor and replicas are bound to
// each other by file descriptors that the kernel closes, and to npm and the output by looking; none outlives the others.

const ROOT = join(import.meta.dir, "../../..")
const LAUNCH = ["node", join(ROOT, "bin/doorbuster.mjs"), "up"]
const NPM_START = ["npm", "--prefix", ROOT, "start"]
const TIMES = effort(12, 3)
/** A start takes 0.5 s alone, under npm 0.8 s. Some of these moments lie after it. */
const MOMENT_MAX_MS = 900
/** Before the launcher has set its handlers. */
const FIRST_MS = 60

/** npm sets these for its own scripts; a command that a user types has none of them. */
const NOT_UNDER_NPM = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")))

async function environment(folder: Folder): Promise<Record<string, string | undefined>> {
  return { ...NOT_UNDER_NPM, PORT: String(await freePort()), DATA_DIR: folder.path, REPLICAS: "2", LOG_LEVEL: "warn" }
}

async function expectNothingLeft(folder: Folder): Promise<void> {
  try {
    await eventually("nothing is left", () => processesOf(folder.path).every(isGone), 15_000)
  } finally {
    killAll(processesOf(folder.path))
  }
}

test.each([
  ["the launcher is killed", LAUNCH, "SIGKILL", MOMENT_MAX_MS],
  ["npm is killed", NPM_START, "SIGKILL", MOMENT_MAX_MS],
  ["a signal comes in the launcher's first milliseconds", LAUNCH, "SIGTERM", FIRST_MS],
  ["a hangup comes in the launcher's first milliseconds", LAUNCH, "SIGHUP", FIRST_MS],
] as const)(
  "given a start, when %s, nothing is left of it",
  async (_, words, signal, momentMaxMs) => {
    for (let time = 0; time < TIMES; time++) {
      using folder = new Folder()
      const child = Bun.spawn([...words], { env: await environment(folder), stdio: ["ignore", "ignore", "ignore"] })
      await randomMoment(momentMaxMs)
      child.kill(signal)
      // Past its handlers, the launcher takes SIGHUP for the order to replace the replicas.
      if (signal === "SIGHUP") child.kill("SIGTERM")
      await child.exited
      await expectNothingLeft(folder)
    }
  },
  120_000,
)

test("given a start in a terminal, when the terminal closes at any moment, nothing is left of it", async () => {
  for (let time = 0; time < TIMES; time++) {
    using folder = new Folder()
    const terminal = new Terminal(LAUNCH, { env: await environment(folder) })
    await randomMoment(MOMENT_MAX_MS)
    terminal.close()
    await terminal.exited
    await expectNothingLeft(folder)
  }
}, 120_000)

const UNWRITABLE =
  /^doorbuster: The output cannot be written \([^\n]+\); send it to a terminal or a file that can be\.\n$/

needs(command("bash")).test.each([
  ["a full disk", LAUNCH, "> /dev/full", UNWRITABLE],
  ["a pipe that nobody reads", LAUNCH, "| true", UNWRITABLE],
  // npm writes first, and often ends of it without a word.
  ["a full disk under npm", NPM_START, "> /dev/full", /^/],
  ["a pipe under npm that nobody reads", NPM_START, "| true", /^/],
] as const)(
  "given an output that is %s, a start fails and nothing is left of it",
  async (_, words, output, said) => {
    using folder = new Folder()
    const env = await environment(folder)
    const child = Bun.spawn(["bash", "-c", `set -o pipefail; ${words.join(" ")} ${output}`], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    })
    expect(await new Response(child.stderr).text()).toMatch(said)
    expect(await child.exited).not.toBe(0)
    await expectNothingLeft(folder)
  },
  60_000,
)
