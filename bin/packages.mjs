// What is installed in node_modules, and how the rest gets there. Plain Node.
import { spawn, spawnSync } from "node:child_process"
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { homedir, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
export const isWindows = process.platform === "win32"

const modules = join(root, "node_modules")
/**
 * Holds the process id of the launcher that installs. It stays when an installation is interrupted. Not in node_modules, which
 * `npm ci` empties.
 */
const marker = join(root, ".doorbuster-installing")
const WAIT_MS = 250
/** Then the marker's number is taken to be another process's by now. An installation takes a minute on a slow line. */
const WAIT_MAX_MS = 10 * 60_000

/** The real program is larger than this; the placeholder that stands there before an install script ran is not. */
const BUN_BYTES_MIN = 1_000_000

/** Measured on Linux with `du -sm node_modules`. */
const MEGABYTES = { running: 160, development: 350 }

const MANAGERS = [
  { command: "pnpm install", traces: ["node_modules/.modules.yaml"] },
  { command: "yarn install", traces: ["node_modules/.yarn-integrity", "node_modules/.yarn-state.yml"] },
  { command: "bun install", traces: ["node_modules/.bun", "bun.lock"] },
]

/** The first package that is not there in its version, by name. `forDevelopment` asks for those of developers, too. */
export function firstMissing(forDevelopment) {
  const { dependencies, devDependencies } = manifest
  const wanted = forDevelopment ? { ...dependencies, ...devDependencies } : dependencies
  return Object.entries(wanted).find(([name, version]) => versionOf(name) !== version)?.[0]
}

/** Some write their version with a leading `v`, which npm leaves out. */
function versionOf(name) {
  return JSON.parse(readText(join(modules, name, "package.json")) || "{}").version?.replace(/^v/, "")
}

/** What must be installed before the program runs; undefined when everything is there. Developers' packages stay. */
export function scopeToInstall(forDevelopment) {
  if (!existsSync(marker) && firstMissing(forDevelopment) === undefined) return undefined
  const hasDevelopment = Object.keys(manifest.devDependencies).some(name => versionOf(name) !== undefined)
  return forDevelopment || hasDevelopment ? "development" : "running"
}

/** The command that made this tree, if it was not npm: npm would take such a tree apart. */
export function foreignInstaller() {
  return MANAGERS.find(({ traces }) => traces.some(trace => existsSync(join(root, trace))))?.command
}

/** Waits while another launcher installs, so that two never write to one folder. */
export async function waitForInstaller() {
  let said = false
  const until = performance.now() + WAIT_MAX_MS
  while (performance.now() < until && isInstalling()) {
    if (!said) console.log("Waiting for the installation that another command has begun ...")
    said = true
    await new Promise(resolve => setTimeout(resolve, WAIT_MS))
  }
}

/** The text of a file; empty when it cannot be read. */
export function readText(path) {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

function isInstalling() {
  try {
    return process.kill(Number(readText(marker) || "none"), 0)
  } catch {
    return false
  }
}

/**
 * Starts npm in a process group of its own, so that Ctrl-C reaches the launcher alone. A first installation is `npm ci`: exactly
 * what the lock file says, or nothing. Later ones add what is missing, because `npm ci` would take away what running systems use.
 */
export function startNpm(scope) {
  console.log(`Installing what is missing for ${scope} (once; about ${MEGABYTES[scope]} MB on disk) ...`)
  const isFirst = !existsSync(modules) || readdirSync(modules).length === 0
  writeFileSync(marker, String(process.pid))
  const cache = temporaryCache()
  const include = scope === "running" ? ["--omit=dev"] : ["--include=dev"]
  const command = isFirst ? ["ci"] : ["install", "--no-save"]
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--include=optional", ...include]
  const npm = spawn(isWindows ? "npm.cmd" : "npm", [...command, ...flags], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: cache ? { ...process.env, npm_config_cache: cache } : process.env,
    shell: isWindows,
    detached: !isWindows,
  })
  npm.on("exit", code => {
    if (cache) rmSync(cache, { recursive: true, force: true })
    if (code === 0) rmSync(marker, { force: true })
  })
  return npm
}

/** npm cannot install without a cache to write to: where the home is read-only it gets one for this installation. */
function temporaryCache() {
  const usual = process.env.npm_config_cache || join(homedir(), ".npm")
  try {
    rmSync(mkdtempSync(join(existsSync(usual) ? usual : dirname(usual), "probe-")), { recursive: true })
    return undefined
  } catch {
    return mkdtempSync(join(tmpdir(), "doorbuster-npm-"))
  }
}

/**
 * npm 12, pnpm and Bun run no install scripts unless asked to. Then `bun` is a placeholder, and the program itself lies
 * in a package for this platform, `@oven/bun-*`, beside it.
 */
export function findBun() {
  const placed = join(modules, "bun/bin/bun.exe")
  if (isBun(placed)) return placed
  const shipped = [...vendored(modules), ...vendored(besideBun())].filter(isBun)
  return shipped.find(path => spawnSync(path, ["--version"]).status === 0)
}

/** pnpm keeps each package in a folder with those that it needs. */
function besideBun() {
  try {
    return dirname(realpathSync(join(modules, "bun")))
  } catch {
    return modules
  }
}

function vendored(folder) {
  const vendor = join(folder, "@oven")
  if (!existsSync(vendor)) return []
  return readdirSync(vendor).flatMap(name => ["bun", "bun.exe"].map(file => join(vendor, name, "bin", file)))
}

function isBun(path) {
  return existsSync(path) && statSync(path).size > BUN_BYTES_MIN
}
