import { spawnSync } from "node:child_process"
import type { ContenderName } from "./contender.ts"

/** Debian's own Python. Another one in the PATH does not have Debian's packages. */
export const PYTHON = "/usr/bin/python3"

interface Need {
  command: string
  args: string[]
  debianPackage: string
}

const LOAD: Need = { command: "wrk", args: ["-v"], debianPackage: "wrk" }

const STACK: Need[] = [
  { command: "redis-server", args: ["--version"], debianPackage: "redis-server" },
  { command: "/usr/lib/postgresql/15/bin/postgres", args: ["--version"], debianPackage: "postgresql" },
]

const BASELINE: Need[] = [
  { command: "redis-server", args: ["--version"], debianPackage: "redis-server" },
  { command: "redis-cli", args: ["--version"], debianPackage: "redis-tools" },
  { command: PYTHON, args: ["-c", "import flask"], debianPackage: "python3-flask" },
  { command: PYTHON, args: ["-c", "import redis"], debianPackage: "python3-redis" },
  { command: PYTHON, args: ["-c", "import prometheus_client"], debianPackage: "python3-prometheus-client" },
]

/** Debian installs nginx in a folder that only an administrator's PATH contains. */
export function nginx(): string {
  return works({ command: "nginx", args: ["-v"] }) ? "nginx" : "/usr/sbin/nginx"
}

/** The Debian packages that the benchmark needs and that are missing on this machine. */
export function missingPackages(contenders: ContenderName[]): string[] {
  const needs = [LOAD]
  if (contenders.includes("baseline")) {
    needs.push({ command: nginx(), args: ["-v"], debianPackage: "nginx" }, ...BASELINE)
  }
  if (contenders.includes("stack")) needs.push({ command: nginx(), args: ["-v"], debianPackage: "nginx" }, ...STACK)
  return [...new Set(needs.filter(need => !works(need)).map(need => need.debianPackage))]
}

function works({ command, args }: Pick<Need, "command" | "args">): boolean {
  const { error, status } = spawnSync(command, args, { stdio: "ignore" })
  // `wrk -v` prints its version and fails.
  return !error && (status === 0 || command === LOAD.command)
}
