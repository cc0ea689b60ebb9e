import { existsSync } from "node:fs"

/**
 * Runs every test that this machine can run, group by group: each group has the machine to itself. With `CI` set,
 * nothing may be skipped. The last line counts.
 */
const ROOT = new URL("..", import.meta.url).pathname
const isCi = Boolean(process.env.CI)
const CHROMIUM = "/usr/bin/chromium"

interface Group {
  name: string
  folders: string[]
  /** What it needs that npm does not install. */
  needs?: string
}

const GROUPS: Group[] = [
  { name: "structure and rules", folders: ["test/tidy", "test/core", "test/stories", "test/audit", "test/ui"] },
  { name: "stores", folders: ["test/stores"] },
  { name: "commands", folders: ["test/attack", "test/start"] },
  { name: "HTTP", folders: ["test/http"] },
  { name: "supervisor and crashes", folders: ["test/up", "test/crash"] },
  { name: "browser", folders: ["test/browser"], needs: CHROMIUM },
]

const grouped = new Set(GROUPS.flatMap(({ folders }) => folders))
const ungrouped = [...new Bun.Glob("test/*/*.test.ts").scanSync({ cwd: ROOT })]
  .map(file => file.split("/").slice(0, 2).join("/"))
  .filter(folder => !grouped.has(folder))

const only = process.argv.slice(2)
const counts = { pass: 0, fail: 0, skip: 0 }
const failed: string[] = []

for (const { name, folders, needs } of GROUPS) {
  const present = folders.filter(folder => existsSync(ROOT + folder) && chosen(folder))
  if (present.length === 0) continue
  if (needs && !existsSync(needs)) {
    if (isCi) miss(name, `${needs} is missing`)
    else console.log(`\n— ${name}: left out, ${needs} is missing`)
    continue
  }
  console.log(`\n— ${name}`)
  const started = performance.now()
  const output = await run(present)
  const found = { pass: count(output, "pass"), fail: count(output, "fail"), skip: count(output, "skip") }
  if (found.pass + found.fail === 0) miss(name, "no test ran")
  for (const word of ["pass", "fail", "skip"] as const) counts[word] += found[word]
  failed.push(...[...output.matchAll(/^\(fail\) (.*)$/gm)].map(match => `${name}: ${match[1]}`))
  console.log(`  ${found.pass} passed, ${found.fail} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`)
}

for (const folder of new Set(ungrouped)) miss(folder, "belongs to no group, so it never runs")
if (isCi && counts.skip > 0) miss("all", `${counts.skip} skipped`)
for (const line of new Set(failed)) console.log(`✗ ${line}`)
console.log(`\n${counts.pass} passed, ${counts.fail} failed`)
process.exit(counts.fail > 0 || counts.pass === 0 ? 1 : 0)

function chosen(folder: string): boolean {
  return only.length === 0 || only.some(word => folder.includes(word))
}

function miss(name: string, why: string): void {
  counts.fail++
  failed.push(`${name}: ${why}`)
}

function count(output: string, word: string): number {
  return Number(new RegExp(`^ *(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0)
}

/** The group's output, shown as it comes: all of it when something fails there, only failures otherwise. */
async function run(folders: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, "test", "--timeout", "60000", ...folders.map(folder => `./${folder}/`)], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const output = `${out}\n${err}`
  if (code !== 0) console.log(output)
  return code !== 0 && count(output, "fail") === 0 ? `${output}\n 1 fail\n(fail) exit code ${code}\n` : output
}
