import { spawnSync } from "node:child_process"
import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from "node:fs"
import { cpus, release, totalmem } from "node:os"
import { join } from "node:path"
import { nginx, PYTHON } from "./needs.ts"
import { median } from "./report/numbers.ts"

const FSYNCS = 100
const PAGE = Buffer.alloc(4096, 1)

export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  kernel: string
  /** The file system of the contenders' data, and how long it takes to make 4 KiB durable. */
  disk: { fileSystem: string; fsyncMs: number }
  versions: Record<string, string>
  commit: string
}

export function describeMachine(folder: string): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    disk: { fileSystem: says("stat", "-f", "-c", "%T", folder), fsyncMs: fsyncMs(folder) },
    versions: {
      bun: Bun.version,
      node: says("node", "--version"),
      wrk: /wrk (\S+)/.exec(says("wrk", "-v"))?.[1] ?? "",
      nginx: /nginx\/(\S+)/.exec(says(nginx(), "-v"))?.[1] ?? "",
      redis: /v=(\S+)/.exec(says("redis-server", "--version"))?.[1] ?? "",
      python: says(PYTHON, "-c", "import platform; print(platform.python_version())"),
      flask: says(PYTHON, "-c", "import importlib.metadata as m; print(m.version('flask'))"),
    },
    commit: commit(),
  }
}

function says(command: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" })
  return `${stdout ?? ""}${stderr ?? ""}`.trim()
}

function commit(): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8" })
  if (status !== 0) return "none"
  return stdout.trim() + (says("git", "status", "--porcelain") === "" ? "" : " with changes")
}

function fsyncMs(folder: string): number {
  const file = join(folder, "fsync")
  const fd = openSync(file, "w")
  const times = Array.from({ length: FSYNCS }, () => {
    const from = performance.now()
    writeSync(fd, PAGE)
    fsyncSync(fd)
    return performance.now() - from
  })
  closeSync(fd)
  unlinkSync(file)
  return Math.round(median(times) * 1000) / 1000
}
