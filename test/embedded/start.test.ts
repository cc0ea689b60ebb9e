import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually } from "../support/eventually.ts"
import { isGone, processesOf } from "../support/processes.ts"
import { ADMIN_TOKEN, freePort, SESSION_SECRET, System } from "../support/system.ts"

const ROOT = join(import.meta.dir, "../..")

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-start-"))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function launch(dataDir: string, env: Record<string, string> = {}) {
  const port = String(await freePort())
  return Bun.spawn(["node", "bin/doorbuster.mjs", "up"], {
    cwd: ROOT,
    env: { ...process.env, PORT: port, DATA_DIR: dataDir, SESSION_SECRET, ADMIN_TOKEN, LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
}

const running = (dataDir: string) => processesOf(dataDir).filter(pid => !isGone(pid))

/** Makes the replicas whose NODE_ID matches end when they start. */
function saboteur(folder: string, nodeId: RegExp): Record<string, string> {
  const file = join(folder, "saboteur.ts")
  writeFileSync(file, `if (process.argv.includes("serve") && ${nodeId}.test(process.env.NODE_ID)) process.exit(7)`)
  return { BUN_OPTIONS: `--preload=${file}` }
}

test(
  "no replica can start: one sentence, exit code 1, no process left",
  () =>
    withFolder(async folder => {
      const system = await launch(folder, saboteur(folder, /node-/))
      expect(await system.exited).toBe(1)
      expect(await new Response(system.stderr).text()).toMatch(
        /^doorbuster: No replica could start; node-[123] ended last \(exit code 7\)\.\n$/,
      )
      expect(await new Response(system.stdout).text()).toBe("")
      expect(running(folder)).toEqual([])
    }),
  30_000,
)

test(
  "one replica cannot start: the system opens with the others",
  () =>
    withFolder(async folder => {
      await using system = await System.start({ dataDir: folder, env: saboteur(folder, /node-2/) })
      expect(system.printed).toContain("2 of 3 replicas")
      expect((await system.request("/readyz")).status).toBe(200)
      expect(await system.stop()).toBe(0)
      expect(running(folder)).toEqual([])
    }),
  30_000,
)

test(
  "a stop during a start: exit code 0, no error, no process left",
  () =>
    withFolder(async folder => {
      const system = await launch(folder)
      await eventually("launcher, supervisor and a replica run", () => running(folder).length > 2)
      system.kill("SIGTERM")
      expect(await system.exited).toBe(0)
      expect(await new Response(system.stderr).text()).toBe("")
      expect(running(folder)).toEqual([])
    }),
  30_000,
)
