import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** How long programs may take to end after the tests that started them. */
const GRACE_MS = 3_000
const LOOK_EVERY_MS = 100
/** The tests' own file system in memory, where the machine has one. */
const MEMORY = "/dev/shm"

/**
 * Where a job's tests keep everything, on disk and in memory. Whatever they start carries the name of this place in its
 * environment, its arguments or its working directory, so that it can be found and ended.
 */
export class Place {
  readonly #name = `doorbuster-tests-${randomBytes(4).toString("hex")}`
  readonly folder = join(tmpdir(), this.#name)
  readonly #memory = existsSync(MEMORY) ? join(MEMORY, this.#name) : join(this.folder, "memory")

  constructor() {
    // Other users may pass, because PostgreSQL does not run as root.
    for (const folder of [this.folder, this.#memory]) mkdirSync(folder, { mode: 0o755 })
  }

  get env(): Record<string, string> {
    return { TMPDIR: this.folder, TEST_MEMORY: this.#memory, TEST_PLACE: this.#name }
  }

  /** Ends and removes what tests left here, and tells what it was. */
  async clear(): Promise<string[]> {
    const left: string[] = []
    for (const { pid, command } of await this.#remaining()) {
      left.push(`process ${pid}: ${command}`)
      kill(pid)
    }
    for (const container of containers(this.#name)) {
      left.push(`container ${container}`)
      run("docker", "rm", "--force", "--volumes", container)
    }
    for (const path of mounts(this.#name)) {
      left.push(`mounted file system ${path}`)
      run("umount", "--lazy", path)
    }
    for (const folder of [this.folder, this.#memory]) rmSync(folder, { recursive: true, force: true })
    return left
  }

  async #remaining(): Promise<Running[]> {
    const until = performance.now() + GRACE_MS
    for (;;) {
      const running = processes(this.#name)
      if (running.length === 0 || performance.now() > until) return running
      await Bun.sleep(LOOK_EVERY_MS)
    }
  }
}

interface Running {
  pid: number
  command: string
}

/** Running processes that carry `name`. */
function processes(name: string): Running[] {
  const all = existsSync("/proc/self/environ") ? fromProc(name) : fromPs(name)
  return all.filter(({ pid }) => pid !== process.pid)
}

function fromProc(name: string): Running[] {
  const found: Running[] = []
  for (const pid of readdirSync("/proc").filter(entry => /^\d+$/.test(entry))) {
    const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim()
    // A process without arguments has ended; its parent has yet to notice.
    if (command === "") continue
    const carries = [command, read(`/proc/${pid}/environ`), link(`/proc/${pid}/cwd`)].some(text => text.includes(name))
    if (carries) found.push({ pid: Number(pid), command: command.slice(0, 200) })
  }
  return found
}

/** Where there is no /proc, `ps -E` tells the environment after the command. */
function fromPs(name: string): Running[] {
  const { stdout } = Bun.spawnSync(["ps", "-E", "-axww", "-o", "pid=,command="])
  const lines = stdout
    .toString()
    .split("\n")
    .filter(line => line.includes(name) && !line.includes("ps -E"))
  return lines.map(line => {
    const [, pid, command = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return { pid: Number(pid), command: command.slice(0, 200) }
  })
}

function containers(name: string): string[] {
  if (Bun.which("docker") === null) return []
  const { stdout } = Bun.spawnSync(["docker", "ps", "--all", "--quiet", "--filter", `name=${name}`], {
    stdio: ["ignore", "pipe", "ignore"],
  })
  return stdout.toString().split("\n").filter(Boolean)
}

/** The innermost first, so that each can be unmounted. */
function mounts(name: string): string[] {
  const lines = read("/proc/self/mounts").split("\n")
  return lines
    .map(line => line.split(" ")[1] ?? "")
    .filter(path => path.includes(name))
    .reverse()
}

function run(...command: string[]): void {
  Bun.spawnSync(command, { stdio: ["ignore", "ignore", "ignore"] })
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has ended meanwhile.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ""
  }
}
