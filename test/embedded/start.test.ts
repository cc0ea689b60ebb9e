import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually } from "../support/eventually.ts"
import { isGone, processesOf } from "../support/processes.ts"
import { ADMIN_TOKEN, freePort, SESSION_SECRET } from "../support/system.ts"

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

test(
  "a replica that ends before it is ready: one sentence, exit code 1, nobody left",
  () =>
    withFolder(async folder => {
      const saboteur = join(folder, "saboteur.ts")
      writeFileSync(saboteur, 'if (process.argv.includes("serve") && process.env.NODE_ID === "node-2") process.exit(7)')
      const system = await launch(folder, { BUN_OPTIONS: `--preload=${saboteur}` })
      expect(await system.exited).toBe(1)
      expect(await new Response(system.stderr).text()).toBe(
        "doorbuster: node-2 ended before it was ready (exit code 7).\n",
      )
      expect(await new Response(system.stdout).text()).toBe("")
      expect(running(folder)).toEqual([])
    }),
  30_000,
)

test(
  "a stop while it starts: exit code 0, not a word of complaint, nobody left",
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
