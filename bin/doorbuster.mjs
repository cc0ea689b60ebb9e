#!/usr/bin/env node
// Finds Bun, installs what is missing, and hands over. Plain Node, so that it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process"
import { existsSync, readdirSync, statSync } from "node:fs"
import { constants } from "node:os"
import { dirname, join } from "node:path"
import { isatty } from "node:tty"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The real program is larger than this; what a blocked install script leaves in its place is not. */
const BUN_BYTES_MIN = 1_000_000

/** Between two looks whether npm is still there. */
const PARENT_EVERY_MS = 500

function isBun(path) {
  return existsSync(path) && statSync(path).size > BUN_BYTES_MIN
}

/** npm 12 runs no install scripts, so `bun` may be a placeholder; the program itself came with `@oven/bun-*`. */
function findBun() {
  const modules = join(root, "node_modules")
  const placed = join(modules, "bun/bin/bun.exe")
  if (isBun(placed)) return placed
  const vendor = join(modules, "@oven")
  if (!existsSync(vendor)) return undefined
  const shipped = readdirSync(vendor).flatMap(name => ["bun", "bun.exe"].map(file => join(vendor, name, "bin", file)))
  return shipped.filter(isBun).find(path => spawnSync(path, ["--version"]).status === 0)
}

function fail(sentence) {
  console.error(`doorbuster: ${sentence}`)
  process.exit(1)
}

function install() {
  console.log("Installing what is missing (once; about 300 MB on disk) ...")
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  // Not `npm ci`: it refuses a lock file without the optional packages of platforms that its writer could not see.
  const { status, error } = spawnSync(npm, ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  })
  if (error) fail(`npm could not be started: ${error.message}.`)
  if (status !== 0) fail("npm install failed; its message is above.")
}

if (Number(process.versions.node.split(".")[0]) < 20) fail(`Node 20 or later is needed; this is ${process.version}.`)
// npm writes this file last, so an interrupted installation is seen as missing.
if (!existsSync(join(root, "node_modules/.package-lock.json"))) install()
const bun = findBun()
if (!bun) fail("Bun is missing from node_modules; delete that folder and start again.")

// `--run FILE` runs another script of the project with the same Bun: tests, benchmarks, builds.
const [first, ...rest] = process.argv.slice(2)
const command = first === "--run" ? rest : [join(root, "src/main.ts"), ...process.argv.slice(2)]
const child = spawn(bun, command, { stdio: "inherit" })
// SIGHUP asks for a rolling restart, unless it comes because the terminal is gone.
const hadTerminal = isatty(0)
process.on("SIGHUP", () => child.kill(hadTerminal && !isatty(0) ? "SIGTERM" : "SIGHUP"))
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal))
// npm's shell dies of a signal without passing it on: whoever ends `npm start` means all of it.
const parent = process.ppid
const isOrphan = () => process.ppid !== parent
if (process.env.npm_lifecycle_event) setInterval(() => isOrphan() && child.kill("SIGTERM"), PARENT_EVERY_MS).unref()
child.on("error", error => fail(`Bun could not be started: ${error.message}.`))
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
