import { appendFileSync, existsSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus } from "node:os"
import { join } from "node:path"
import { showHelp } from "./show-help.ts"

showHelp(`Runs what takes too long for CI: the random, crash and trial suites at their night size, with a seed of its own.
The command, the seed, the commit, the date and the result are added to test/night/results.md, to be committed.

Usage: npm run night [-- FILE | FOLDER | PART-OF-A-PATH ...]

Settings
  FUZZ_SEED=1     repeats the run that printed this seed

Example:
  npm run night -- contract/model`)

const ROOT = join(import.meta.dir, "..")
const RESULTS = join(ROOT, "test/night/results.md")
const HEAD = `# Results of \`npm run night\`

| date | commit | command | seed | cores | minutes | result |
|---|---|---|---|---|---|---|
`
/** Suites that have a night size; each says it where it calls \`effort\`. */
const SUITES = [
  "test/contract/model.test.ts",
  "test/contract/redis-model.test.ts",
  "test/embedded/crash/exactly-100.test.ts",
  "test/embedded/crash/replicas.test.ts",
  "test/system/stack/exactly-100.test.ts",
]

const chosen = process.argv.slice(2)
const seed = process.env.FUZZ_SEED ?? String(Date.now() % 2 ** 31)
const command = ["npm", "run", "night", ...(chosen.length > 0 ? ["--", ...chosen] : [])].join(" ")
console.log(`FUZZ_SEED=${seed} ${command}`)
const started = performance.now()
const suites = Bun.spawn([process.execPath, join(ROOT, "scripts/test.ts"), ...(chosen.length > 0 ? chosen : SUITES)], {
  cwd: ROOT,
  env: { ...process.env, CI: "true", TEST_EFFORT: "night", FUZZ_SEED: seed },
  stdio: ["ignore", "pipe", "inherit"],
})
const utf8 = new TextDecoder()
let text = ""
for await (const bytes of suites.stdout) {
  const chunk = utf8.decode(bytes, { stream: true })
  process.stdout.write(chunk)
  text += chunk
}
const code = await suites.exited
const minutes = ((performance.now() - started) / 60_000).toFixed(0)
const result = text.trim().split("\n").at(-1)
if (!existsSync(RESULTS)) writeFileSync(RESULTS, HEAD)
const cores = `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? "unknown"}`
const row = [new Date().toISOString().slice(0, 16), commit(), `\`${command}\``, seed, cores, minutes, result]
appendFileSync(RESULTS, `| ${row.join(" | ")} |\n`)
process.exit(code)

/** With a mark when the tree differs from it. */
function commit(): string {
  const git = (...args: string[]) =>
    Bun.spawnSync(["git", ...args], { cwd: ROOT })
      .stdout.toString()
      .trim()
  return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+")
}
