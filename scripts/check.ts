import { dirname } from "node:path"
import { showHelp } from "./show-help.ts"

const HELP = `Usage: npm run check

Checks format, lint, types and dead code, and runs the fast tests: the command before every commit, under 15 seconds.

Example:
  npm run check`

showHelp(HELP)
const bun = process.execPath
/** The fast tests start no server: they find no program but Bun, so stories run on the stores that need none. */
const WITHOUT_PROGRAMS = { TEST_PROGRAMS: "PATH", PATH: dirname(bun), CI: "" }

const STEPS: [name: string, command: string[], env?: Record<string, string>][] = [
  ["format and lint", ["node_modules/.bin/biome", "check", "."]],
  ["types", ["node_modules/.bin/tsc", "--noEmit"]],
  ["dead code", [bun, "node_modules/knip/bin/knip.js"]],
  ["fast tests", [bun, "test", "./test/tidy/", "./test/core/", "./test/stories/"], WITHOUT_PROGRAMS],
]

let failed = false
for (const [name, command, env] of STEPS) {
  const started = performance.now()
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  })
  console.log(`${exitCode === 0 ? "✓" : "✗"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (exitCode === 0) continue
  failed = true
  console.log(`${stdout}${stderr}`)
}
process.exit(failed ? 1 : 0)
