import { expect, test } from "bun:test"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Folder } from "../../support/launch.ts"
import { isGone, processesOf } from "../../support/processes.ts"
import { DEMO_SALE, Site } from "../../support/site.ts"
import { freePort } from "../../support/system.ts"

const ROOT = join(import.meta.dir, "../../..")

test("the single file sells in an empty folder, with nothing else of this project, and stops", async () => {
  using folder = new Folder()
  const file = folder.file("doorbuster")
  const build = Bun.spawn(["node", join(ROOT, "bin/doorbuster.mjs"), "--run", "scripts/build.ts", "--out", file], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  })
  expect(await new Response(build.stdout).text()).toMatch(/doorbuster \(\d+ MB\)\n$/)
  const empty = folder.file("empty")
  mkdirSync(empty)
  // Compose's settings, which the file must not read.
  writeFileSync(join(empty, ".env"), "PORT=127.0.0.1:28080\nTRUST_PROXY=maybe\n")
  const port = String(await freePort())
  const child = Bun.spawn([file, "up"], {
    cwd: empty,
    env: { PORT: port, REPLICAS: "2", DATA_DIR: join(empty, "data"), LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const utf8 = new TextDecoder()
  let printed = ""
  const answers: Record<string, number> = {}
  for await (const chunk of child.stdout) {
    printed += utf8.decode(chunk, { stream: true })
    if (!printed.includes("Ctrl-C") || answers.order) continue
    Object.assign(answers, await visit(`http://127.0.0.1:${port}`))
    child.kill("SIGTERM")
  }
  expect(answers).toEqual({ "/": 200, "/control": 200, "/docs": 200, "/favicon.ico": 200, order: 201 })
  expect(printed).toContain("doorbuster attack")
  expect(await child.exited).toBe(0)
  expect(existsSync(join(empty, "data/doorbuster.db"))).toBe(true)
  expect(processesOf(join(empty, "data")).every(isGone)).toBe(true)
}, 60_000)

class Shop extends Site {
  constructor(readonly url: string) {
    super()
  }
}

/** Opens the pages and buys one unit; returns each answer's status. */
async function visit(url: string): Promise<Record<string, number>> {
  const shop = new Shop(url)
  const statuses: Record<string, number> = {}
  for (const path of ["/", "/control", "/docs", "/favicon.ico"]) statuses[path] = (await shop.request(path)).status
  const session = await shop.request("/api/v1/sessions", { method: "POST" })
  const { token } = (await session.json()) as { token: string }
  return { ...statuses, order: (await shop.buy(DEMO_SALE, token, "k")).status }
}
