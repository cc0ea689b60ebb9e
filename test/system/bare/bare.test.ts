import { expect } from "bun:test"
import { join } from "node:path"
import { saysNeeds } from "../../../scripts/test/programs.ts"
import { testFiles } from "../../../scripts/test/selection.ts"
import { bareEnvironment } from "../../support/bare.ts"
import { ROOT } from "../../support/files.ts"
import { Folder } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { TIME } from "../../support/programs.ts"

const { describe, test } = needs(TIME)

const SUITE_MAX_MS = 10 * 60_000

/** `npm test` in a place without programs, as somebody runs it who has just cloned the project. */
async function testWithout(files: readonly string[]): Promise<string[]> {
  using folder = new Folder()
  const { CI, TEST_PLACE, TEST_MEMORY, ...env } = process.env
  const bare = bareEnvironment(join(folder.path, "bin"))
  const suite = Bun.spawn([join(bare.PATH, "npm"), "test", "--", ...files], {
    cwd: ROOT,
    env: { ...env, ...bare },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const [out, errors] = await Promise.all([new Response(suite.stdout).text(), new Response(suite.stderr).text()])
  const lines = out.trim().split("\n")
  const problems = lines.filter(line => /^✗|^\(fail\)/.test(line))
  expect({ problems, errors, code: await suite.exited }).toEqual({ problems: [], errors: "", code: 0 })
  return lines
}

/**
 * Every file that says what it needs runs here. The others run nowhere else than in such a place: with CI=true the runner
 * gives them nothing but Node and npm, so that they need not run twice.
 */
describe("where there is nothing but Node and npm", () => {
  test(
    "npm test leaves out the tests that need more, counts them, and passes",
    async () => {
      const lines = await testWithout(testFiles().filter(saysNeeds))
      expect(lines.at(-1)).toMatch(/^\d{3,} passed, 0 failed, \d{3,} skipped$/)
    },
    SUITE_MAX_MS,
  )

  test("a test that needs nothing else and uses another program fails", async () => {
    using folder = new Folder()
    const child = Bun.spawn([process.execPath, "-e", `Bun.spawnSync(["bash", "-c", "true"])`], {
      env: bareEnvironment(join(folder.path, "bin")),
      stdio: ["ignore", "ignore", "pipe"],
    })
    expect(await new Response(child.stderr).text()).toContain(`"bash"`)
    expect(await child.exited).toBe(1)
  })
})
