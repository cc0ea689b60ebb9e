import { expect } from "bun:test"
import { cpSync, existsSync, mkdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { Folder } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { GIT, TIME } from "../../support/programs.ts"
import { freePort } from "../../support/system.ts"

const ROOT = join(import.meta.dir, "../../..")
/** Sixty megabytes over a slow line. */
const INSTALL_MAX_MS = 240_000

/** What `git clone` brings, and what is about to be committed. */
function copyOfRepository(to: string): void {
  const { stdout } = Bun.spawnSync([GIT.path, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  })
  for (const path of stdout
    .toString()
    .split("\0")
    .filter(path => path !== "" && path !== "node_modules" && existsSync(join(ROOT, path)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    cpSync(join(ROOT, path), join(to, path))
  }
}

needs(TIME, GIT).test(
  "from a fresh clone, where npm runs no install scripts, `npm start` installs what is missing and opens",
  async () => {
    using clone = new Folder()
    copyOfRepository(clone.path)
    expect(existsSync(clone.file("node_modules"))).toBe(false)
    const port = await freePort()
    const first = await started(clone, port)
    expect(first.out).toContain("Installing what is missing")
    expect(existsSync(clone.file("data/doorbuster.db"))).toBe(true)
    for (const developers of ["typescript", "@biomejs", "playwright-core"]) {
      expect(existsSync(clone.file(`node_modules/${developers}`))).toBe(false)
    }
    // Blocked scripts leave a placeholder where Bun should be: the real one is found elsewhere.
    expect(statSync(clone.file("node_modules/bun/bin/bun.exe")).size).toBeLessThan(1_000_000)
    for (const path of ["/", "/control", "/docs", "/api/v1/sales/iphone-17-pro-max"])
      expect(first.statuses[path]).toBe(200)
    const second = await started(clone, port)
    expect(second.out).not.toContain("Installing")
  },
  INSTALL_MAX_MS,
)

/** Runs `npm start` until it is open, asks for the pages, and stops it. */
async function started(clone: Folder, port: number): Promise<{ out: string; statuses: Record<string, number> }> {
  const { PATH = "", HOME = "" } = process.env
  // npm does not pass a signal on to what it started; that must end all the same, or its output never does.
  const child = Bun.spawn(["npm", "start"], {
    cwd: clone.path,
    env: { PATH, HOME, PORT: String(port), npm_config_ignore_scripts: "true", LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  })
  let out = ""
  const statuses: Record<string, number> = {}
  const utf8 = new TextDecoder()
  for await (const chunk of child.stdout) {
    out += utf8.decode(chunk, { stream: true })
    if (!out.includes("Ctrl-C") || statuses["/"]) continue
    for (const path of ["/", "/control", "/docs", "/api/v1/sales/iphone-17-pro-max"]) {
      statuses[path] = (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Connection: "close" } })).status
    }
    child.kill("SIGTERM")
  }
  await child.exited
  return { out, statuses }
}
