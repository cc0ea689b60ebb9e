import { expect } from "bun:test"
import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "../../support/files.ts"
import { needs } from "../../support/needs.ts"
import { command, TIME } from "../../support/programs.ts"

const { test } = needs(TIME)

/** Node and npm, and the shell by which npm runs a script. */
const PROGRAMS = ["node", "npm", "sh"]
const SUITE_MAX_MS = 18 * 60_000

test(
  "where there is nothing but Node and npm, npm test passes and counts what it left out",
  async () => {
    const bin = mkdtempSync(join(tmpdir(), "bare-"))
    for (const name of PROGRAMS) symlinkSync(command(name).path, join(bin, name))
    const { CI, TEST_PLACE, TEST_MEMORY, ...env } = process.env
    const suite = Bun.spawn([join(bin, "npm"), "test"], {
      cwd: ROOT,
      env: { ...env, PATH: bin, TEST_PROGRAMS: "PATH", TEST_LANES: "2" },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const [out, errors] = await Promise.all([new Response(suite.stdout).text(), new Response(suite.stderr).text()])
    const lines = out.trim().split("\n")
    const problems = lines.filter(line => line.startsWith("✗"))
    expect({ problems, errors, code: await suite.exited }).toEqual({ problems: [], errors: "", code: 0 })
    expect(lines.at(-1)).toMatch(/^\d{3,} passed, 0 failed, \d{3,} skipped$/)
    rmSync(bin, { recursive: true })
  },
  SUITE_MAX_MS,
)
