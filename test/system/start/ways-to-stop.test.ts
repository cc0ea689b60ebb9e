import { expect, test } from "bun:test"
import { join } from "node:path"
import { eventually } from "../../support/eventually.ts"
import { Folder } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { isGone, processesOf } from "../../support/processes.ts"
import { command } from "../../support/programs.ts"
import { freePort } from "../../support/system.ts"

const ROOT = join(import.meta.dir, "../../..")
const GONE_MAX_MS = 5000

/** Starts the system by a command, ends that command by `signal`, and waits until nothing is left of it all. */
async function expectNothingLeft(words: string[], signal: NodeJS.Signals): Promise<void> {
  using folder = new Folder()
  const port = await freePort()
  const child = Bun.spawn(words, {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATA_DIR: folder.path, REPLICAS: "2" },
    stdio: ["ignore", "ignore", "ignore"],
  })
  await eventually("it is open", () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  expect(processesOf(folder.path).filter(pid => !isGone(pid)).length).toBeGreaterThanOrEqual(4)
  child.kill(signal)
  await child.exited
  await eventually("all have ended", () => processesOf(folder.path).every(isGone), GONE_MAX_MS)
  expect(await Bun.file(folder.file("doorbuster.db-wal")).exists()).toBe(false)
}

test("SIGTERM to `npm start` ends everything, although npm's shell passes no signal on", async () => {
  await expectNothingLeft(["npm", "start"], "SIGTERM")
}, 30_000)

needs(command("script")).test(
  "closing the terminal ends everything",
  async () => {
    await expectNothingLeft(["script", "--quiet", "--command", "node bin/doorbuster.mjs up", "/dev/null"], "SIGKILL")
  },
  30_000,
)
