import { expect, test } from "bun:test"
import { dirname } from "node:path"
import { ROOT, textOf } from "../support/compose-file.ts"

const DEMOS = ["balance", "stress", "chaos"]

test.each(DEMOS)("without Docker, npm run demo:%s says what to do instead", demo => {
  const { exitCode, stderr, stdout } = Bun.spawnSync([process.execPath, `scripts/demo/${demo}.ts`], {
    cwd: ROOT,
    env: { PATH: dirname(process.execPath) },
  })
  expect(exitCode).toBe(1)
  expect(stdout.toString()).toContain("What should happen")
  expect(stderr.toString()).toBe(
    "demo: Docker is needed for this demonstration; without it: npm start, then npm run attack.\n",
  )
})

test.each(DEMOS)("npm run demo:%s -- --help shows an example", demo => {
  const { exitCode, stdout } = Bun.spawnSync([process.execPath, `scripts/demo/${demo}.ts`, "--help"], { cwd: ROOT })
  expect(exitCode).toBe(0)
  expect(stdout.toString()).toContain(`Example:\n  npm run demo:${demo}`)
})

test("each demonstration is a script of package.json and named in the README", async () => {
  const { scripts } = JSON.parse(await textOf("package.json")) as { scripts: Record<string, string> }
  const readme = await textOf("README.md")
  for (const demo of DEMOS) {
    expect(scripts[`demo:${demo}`]).toContain(`scripts/demo/${demo}.ts`)
    expect(readme).toContain(`npm run demo:${demo}`)
  }
})
