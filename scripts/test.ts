import { existsSync } from "node:fs"

/**
 * Runs every test that this machine can run, group by group. With `CI` set, nothing may be skipped. The last line counts.
 */
const ROOT = new URL("..", import.meta.url).pathname
const isCi = Boolean(process.env.CI)

/** What npm does not install: how to tell whether it is there. */
const REDIS = { what: "redis-server", isThere: () => Bun.which("redis-server") !== null }
const POSTGRES = { what: "PostgreSQL 15", isThere: () => existsSync("/usr/lib/postgresql/15/bin/initdb") }
const NGINX = { what: "nginx", isThere: () => existsSync("/usr/sbin/nginx") }
const PROMETHEUS = { what: "prometheus", isThere: () => Bun.which("prometheus") !== null }
const CHROMIUM = { what: "/usr/bin/chromium", isThere: () => existsSync("/usr/bin/chromium") }
const DOCKER = {
  what: "Docker with Compose",
  isThere: () => succeeds("docker", "info") && succeeds("docker", "compose", "version"),
}

interface Group {
  name: string
  folders: string[]
  needs?: { what: string; isThere(): boolean }[]
}

const STRUCTURE = {
  name: "structure and rules",
  folders: ["test/tidy", "test/core", "test/stories", "test/audit", "test/ui", "test/deploy"],
}
const STORES = {
  name: "stores",
  folders: ["test/contract", "test/embedded/sqlite", "test/stack/redis"],
  needs: [REDIS],
}
const LEDGER = { name: "ledger", folders: ["test/stack/postgres"], needs: [POSTGRES] }
const WORKER = { name: "worker", folders: ["test/stack/worker"], needs: [REDIS, POSTGRES] }
const COMMANDS = { name: "commands", folders: ["test/cli", "test/system/start"] }
const HTTP = { name: "HTTP", folders: ["test/http"] }
const CRASHES = { name: "supervisor and crashes", folders: ["test/embedded", "test/processes", "test/stack/nodes"] }
const EDGE = { name: "nginx", folders: ["test/system/nginx"], needs: [NGINX, REDIS, POSTGRES] }
const STACK = { name: "the stack as plain processes", folders: ["test/system/stack"], needs: [REDIS, POSTGRES, NGINX] }
const WATCH = {
  name: "metrics, alerts and traces",
  folders: ["test/observability"],
  needs: [PROMETHEUS, REDIS, POSTGRES],
}
const BROWSER = { name: "browser", folders: ["test/system/browser"], needs: [CHROMIUM] }
const CONTAINERS = { name: "the stack in containers", folders: ["test/system/compose"], needs: [DOCKER] }

/**
 * One turn after the other. In a turn several rows may run side by side, each one group after the other: such groups
 * wait for clocks and processes more than they compute. What holds the system to a time has the machine to itself.
 */
const TURNS: Group[][][] = [
  [[STRUCTURE]],
  [[STORES], [LEDGER, WORKER, COMMANDS]],
  [[HTTP]],
  [[CRASHES]],
  [[EDGE, WATCH], [STACK]],
  [[BROWSER]],
  [[CONTAINERS]],
]

const grouped = new Set(TURNS.flat(2).flatMap(({ folders }) => folders))
const ungrouped = [...new Bun.Glob("test/*/*.test.ts").scanSync({ cwd: ROOT })]
  .map(file => file.split("/").slice(0, 2).join("/"))
  .filter(folder => !grouped.has(folder))

const only = process.argv.slice(2)
const counts = { pass: 0, fail: 0, skip: 0 }
const failed: string[] = []

for (const rows of TURNS) await Promise.all(rows.map(inOrder))
for (const folder of new Set(ungrouped)) miss(folder, "belongs to no group, so it never runs")
if (isCi && counts.skip > 0) miss("all", `${counts.skip} skipped`)
for (const line of new Set(failed)) console.log(`✗ ${line}`)
console.log(`\n${counts.pass} passed, ${counts.fail} failed`)
process.exit(counts.fail > 0 || counts.pass === 0 ? 1 : 0)

async function inOrder(groups: Group[]): Promise<void> {
  for (const group of groups) await take(group)
}

async function take({ name, folders, needs = [] }: Group): Promise<void> {
  const present = folders.filter(folder => existsSync(ROOT + folder) && chosen(folder))
  if (present.length === 0) return
  const missing = needs.filter(({ isThere }) => !isThere()).map(({ what }) => what)
  if (missing.length > 0) {
    if (isCi) miss(name, `${missing.join(" and ")} is missing`)
    else console.log(`\n— ${name}: left out, ${missing.join(" and ")} is missing`)
    return
  }
  const started = performance.now()
  const output = await run(present)
  const found = { pass: count(output, "pass"), fail: count(output, "fail"), skip: count(output, "skip") }
  if (found.pass + found.fail === 0) miss(name, "no test ran")
  for (const word of ["pass", "fail", "skip"] as const) counts[word] += found[word]
  failed.push(...[...output.matchAll(/^\(fail\) (.*)$/gm)].map(match => `${name}: ${match[1]}`))
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  // What went well is one line; of a group in which something fails, everything is shown.
  console.log(`\n— ${name}: ${found.pass} passed, ${found.fail} failed in ${seconds} s`)
  if (found.fail > 0) console.log(output)
}

function succeeds(...command: string[]): boolean {
  return (
    Bun.which(command[0]!) !== null && Bun.spawnSync(command, { stdio: ["ignore", "ignore", "ignore"] }).exitCode === 0
  )
}

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

/** What the group's tests print. */
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
  return code !== 0 && count(output, "fail") === 0 ? `${output}\n 1 fail\n(fail) exit code ${code}\n` : output
}
