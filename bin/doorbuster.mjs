#!/usr/bin/env node
// Finds Bun, installs what is missing, and hands over. Plain Node, so that it runs before anything is installed.
import { spawn } from "node:child_process"
import { constants } from "node:os"
import { join } from "node:path"
import { isatty } from "node:tty"
import {
  findBun,
  firstMissing,
  foreignInstaller,
  isWindows,
  manifest,
  readText,
  root,
  scopeToInstall,
  startNpm,
  waitForInstaller,
} from "./packages.mjs"
import { watchNpm } from "./parents.mjs"

/** Between two looks at whether npm still runs. */
const PARENT_EVERY_MS = 500
/** After a second Ctrl-C the program may clean up for so long before it is killed with all that it started. */
const HURRY_MAX_MS = 2000

const args = process.argv.slice(2)
// `--run FILE` and `--dev FILE` run another script of the project with the same Bun; `--dev` needs developers' packages.
const [first, ...rest] = args
const isScript = first === "--run" || first === "--dev"
const isUp = first === undefined || first === "up"
const underNpm = process.env.npm_lifecycle_event !== undefined
/**
 * A Ctrl-C that arrives again this soon is the same one: a little longer than the programs' own limit, so that the next
 * one counts for them as well. The terminal sends it to every process, and npm repeats it to
 * its child, which is this process where npm's shell steps aside for its only command; a busy npm takes its time.
 */
const ECHO_MAX_MS = underNpm && !readText(`/proc/${process.ppid}/comm`).trim().endsWith("sh") ? 1000 : 400
const terminals = [0, 1, 2].filter(isatty)
/** The process that a signal is for: npm while it installs, then the program. */
let running
let installing = false
let interrupts = 0
let echoUntil = 0
const forwarded = new Set()

function fail(sentence) {
  console.error(`doorbuster: ${sentence}`)
  process.exit(1)
}

/** Sends a signal to a process and to everything that it started. */
function signalGroup(child, signal) {
  try {
    if (isWindows) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}

/** `up` ends with 0 whenever it is told to stop; a command that has work to do has not done it. */
function stoppedEarly(signal) {
  console.log("Stopped before it was open.")
  process.exit(isUp ? 0 : codeOf(signal))
}

/** As a shell tells that a signal ended a command. */
function codeOf(signal) {
  return 128 + constants.signals[signal]
}

function receive(signal) {
  if (signal === "SIGINT" && isEcho()) return
  if (!running) stoppedEarly(signal)
  // A terminal that closes means the end; else SIGHUP asks for a rolling restart.
  const isClosing = signal === "SIGHUP" && terminals.length > 0 && !terminals.some(isatty)
  const meant = isClosing || installing ? "SIGTERM" : signal
  forwarded.add(meant)
  if (meant !== "SIGINT") {
    if (installing) signalGroup(running, meant)
    else running.kill(meant)
    return
  }
  // As a terminal does. The program is in a group of its own, so that it gets each Ctrl-C once.
  signalGroup(running, "SIGINT")
  interrupts++
  // A third one changes nothing: the program needs this time to clean up.
  if (interrupts === 2) setTimeout(() => signalGroup(running, "SIGKILL"), HURRY_MAX_MS)
}

/** Whether a Ctrl-C belongs to the last one that counted. A key that is held down repeats it many times. */
function isEcho() {
  const now = performance.now()
  if (now < echoUntil) return true
  echoUntil = now + ECHO_MAX_MS
  return false
}

async function install(forDevelopment) {
  if (!scopeToInstall(forDevelopment)) return
  const foreign = foreignInstaller()
  const name = firstMissing(forDevelopment)
  if (foreign) fail(`${name} is missing or old in node_modules, which npm did not make; run ${foreign}.`)
  await waitForInstaller()
  const scope = scopeToInstall(forDevelopment)
  if (!scope) return
  installing = true
  running = startNpm(scope)
  const code = await new Promise(resolve => {
    running.on("error", error => fail(`npm could not be started: ${error.message}.`))
    running.on("exit", resolve)
  })
  if (forwarded.size > 0) stoppedEarly([...forwarded][0])
  if (code !== 0) fail("npm failed; its message is above.")
  running = undefined
  installing = false
}

function start(bun, command) {
  // `.env` is read by Compose and meant for it alone; Bun would read it, too.
  const flags = ["--no-env-file", `--preload=${join(root, "bin/end-with-launcher.mjs")}`]
  const child = spawn(bun, [...flags, ...command], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    detached: !isWindows,
  })
  child.stdio[3].on("error", () => {})
  child.on("error", error => fail(`Bun could not be started: ${error.message}.`))
  return child
}

/** Ctrl-Z, `fg` and a new size reach the launcher alone. */
function passOnJobControl(child) {
  process.on("SIGTSTP", () => {
    signalGroup(child, "SIGSTOP")
    process.kill(process.pid, "SIGSTOP")
  })
  process.on("SIGCONT", () => signalGroup(child, "SIGCONT"))
  process.on("SIGWINCH", () => child.kill("SIGWINCH"))
  process.on("SIGQUIT", () => signalGroup(child, "SIGKILL"))
}

if (args.length === 1 && ["--version", "-V"].includes(args[0])) {
  console.log(manifest.version)
  process.exit(0)
}
if (Number(process.versions.node.split(".")[0]) < 20) fail(`Node 20 or later is needed; this is ${process.version}.`)
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => receive(signal))
// The end of npm is the end of what it started, however it came.
const hasNpmEnded = watchNpm()
if (underNpm) setInterval(() => hasNpmEnded() && receive("SIGTERM"), PARENT_EVERY_MS).unref()
// The program finds out by itself that its output cannot be written, and ends in order.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})

await install(first === "--dev")
const bun = findBun()
if (!bun) fail("Bun is missing from node_modules; delete that folder and start again.")
const child = start(bun, isScript ? rest : [join(root, "src/main.ts"), ...args])
running = child
if (!isWindows) passOnJobControl(child)
child.on("exit", (code, signal) => {
  // What the program left behind, if anything.
  signalGroup(child, "SIGTERM")
  // `up` answers every signal as soon as it is loaded: one that killed it came before that.
  if (isUp && forwarded.has(signal)) stoppedEarly(signal)
  const killedBy = signal === "SIGKILL" && interrupts > 1 ? "SIGINT" : signal
  process.exit(killedBy ? codeOf(killedBy) : code)
})
