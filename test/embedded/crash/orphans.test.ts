import { expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { momentAfter } from "../../support/moments.ts"
import { isGone, killAll, processesOf } from "../../support/processes.ts"
import { ADMIN_TOKEN, freePort, SESSION_SECRET, System } from "../../support/system.ts"

/** The age of the replicas when their supervisor dies: from their start to well after they are ready. */
const AGES_MS = effort(12, 4)
const AGE_STEP_MS = 400 / AGES_MS

test("replicas that lose their supervisor end, and leave the port and the file free", async () => {
  const port = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), "doorbuster-orphans-"))
  try {
    for (let age = 0; age < AGES_MS; age++) {
      const launcher = launch(port, dataDir)
      const supervisor = await firstChildOf(launcher.pid)
      await eventually("a replica is started", () => childrenOf(supervisor).then(pids => pids.length > 0))
      await momentAfter(performance.now(), age * AGE_STEP_MS)
      const replicas = await childrenOf(supervisor)
      process.kill(supervisor, "SIGKILL")
      await eventually("every replica ends", () => [supervisor, ...replicas].every(isGone))
      expect(await launcher.exited).not.toBe(0)
      await eventually("no process is left", () => processesOf(dataDir).length === 0)
    }
    await using system = await System.start({ port, dataDir })
    expect((await system.request("/readyz")).status).toBe(200)
  } finally {
    killAll(processesOf(dataDir))
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 60_000)

test("a suspended replica that lost its supervisor ends as soon as it continues", async () => {
  await using system = await System.start()
  const [, supervisor, ...replicas] = await system.processTree()
  const [stopped, ...others] = replicas as [number, ...number[]]
  try {
    process.kill(stopped, "SIGSTOP")
    process.kill(supervisor!, "SIGKILL")
    await eventually("the others end", () => others.every(isGone))
    expect(isGone(stopped)).toBe(false)
    process.kill(stopped, "SIGCONT")
    await eventually("the stopped one ends", () => isGone(stopped))
  } finally {
    killAll(replicas)
  }
}, 30_000)

function launch(port: number, dataDir: string) {
  return Bun.spawn(["node", "bin/doorbuster.mjs", "up"], {
    cwd: join(import.meta.dir, "../../.."),
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, SESSION_SECRET, ADMIN_TOKEN, LOG_LEVEL: "silent" },
    stdio: ["ignore", "ignore", "ignore"],
  })
}

function firstChildOf(pid: number): Promise<number> {
  return eventually(`${pid} has a child`, async () => (await childrenOf(pid))[0])
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await Bun.file(`/proc/${pid}/task/${pid}/children`)
    .text()
    .catch(() => "")
  return text.trim().split(" ").filter(Boolean).map(Number)
}
