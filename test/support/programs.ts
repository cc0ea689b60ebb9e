import { globSync } from "node:fs"
import { join } from "node:path"
import { canMount } from "./disk.ts"
import { IN_CI } from "./effort.ts"
import { valkeyImage } from "./valkey.ts"

/** Something that npm does not install and that tests run or use. */
export interface Need {
  /** The name in a sentence: "... is missing". */
  what: string
  isThere(): boolean
}

/** With `TEST_PROGRAMS=PATH` a program is found only where PATH leads: the bare machine is tried that way. */
const ONLY_PATH = process.env.TEST_PROGRAMS === "PATH"
/** Folders that PATH often lacks: servers of Linux distributions, and Homebrew on both kinds of Mac. */
const MORE_FOLDERS = ["/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"]
/** Where Debian, Red Hat, Homebrew, a build from source, and Postgres.app put the programs of each release. */
const POSTGRES_FOLDERS = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
  "/usr/local/pgsql/bin",
  "/Applications/Postgres.app/Contents/Versions/*/bin",
]
const MAC_BROWSERS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

interface Search {
  what: string
  /** The first that is found is taken. */
  names: string[]
  /** Patterns of further folders; the highest release wins. */
  folders?: string[]
  /** Patterns of whole paths. */
  files?: string[]
  /** The lowest release that the tests were written for, told by `--version` or `-v`. */
  atLeast?: { version: string; flag?: string }
}

/** A program of this machine, found by PATH, by the usual folders, and by its version. */
export class Program implements Need {
  readonly what: string
  #path: string | null | undefined

  constructor(private readonly search: Search) {
    const { what, atLeast } = search
    this.what = atLeast ? `${what} ${atLeast.version} or later` : what
  }

  isThere(): boolean {
    return this.#find() !== null
  }

  /** Throws when there is none: a test that gets here has not said what it needs. */
  get path(): string {
    const path = this.#find()
    if (path === null) throw new Error(`${this.what} is missing.`)
    return path
  }

  #find(): string | null {
    this.#path ??= candidates(this.search).find(path => isRecent(path, this.search.atLeast)) ?? null
    return this.#path
  }
}

export const REDIS = new Program({
  what: "Redis",
  names: ["redis-server", "valkey-server"],
  atLeast: { version: "7.0" },
})
export const POSTGRES = new Program({
  what: "PostgreSQL",
  names: ["initdb"],
  folders: POSTGRES_FOLDERS,
  atLeast: { version: "14.0" },
})
export const NGINX = new Program({ what: "nginx", names: ["nginx"], atLeast: { version: "1.22", flag: "-v" } })
/** `req -x509 -CA` came with release 3.0. */
export const OPENSSL = new Program({
  what: "OpenSSL",
  names: ["openssl"],
  atLeast: { version: "3.0", flag: "version" },
})
export const CADDY = new Program({ what: "Caddy", names: ["caddy"] })
export const PROMETHEUS = new Program({ what: "Prometheus", names: ["prometheus"] })
export const PROMTOOL = new Program({ what: "promtool", names: ["promtool"] })
export const BROWSER = new Program({
  what: "Chromium",
  names: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
  files: MAC_BROWSERS,
})
/** Gives a command a terminal of its own. The one of macOS and BSD takes other arguments. */
export const SCRIPT = new Program({ what: "script of util-linux", names: ["script"], atLeast: { version: "2.30" } })
export const SYSTEMD_ANALYZE = new Program({ what: "systemd-analyze", names: ["systemd-analyze"] })
export const GIT = new Program({ what: "git", names: ["git"] })
export const DOCKER: Need = {
  what: "Docker with Compose",
  isThere: once(() => succeeds("docker", "info") && succeeds("docker", "compose", "version")),
}
/** Tests download nothing. */
export const VALKEY_IMAGE: Need = {
  what: `the image ${valkeyImage()}`,
  isThere: once(() => succeeds("docker", "image", "inspect", valkeyImage())),
}
export const LOOP_DISK: Need = {
  what: "Linux with its administrator, mkfs.ext4 and a loop device",
  isThere: once(canMount),
}

/** The limit of a test that cannot be made shorter. */
export const TIME: Need = { what: "the time that CI=true gives", isThere: () => IN_CI }

/** Any other program, by its name alone. */
export function command(name: string): Program {
  return new Program({ what: name, names: [name] })
}

function candidates({ names, folders = [], files = [] }: Search): string[] {
  const inPath = names.map(name => Bun.which(name))
  if (ONLY_PATH) return inPath.filter(path => path !== null)
  const found = folders.flatMap(pattern => globSync(pattern)).sort(byRelease)
  const beside = [...found, ...MORE_FOLDERS].flatMap(folder => names.map(name => Bun.which(name, { PATH: folder })))
  return [...inPath, ...beside, ...files.map(file => Bun.which(file))].filter(path => path !== null)
}

function byRelease(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true })
}

function isRecent(path: string, atLeast: Search["atLeast"]): boolean {
  if (!atLeast) return true
  const { stdout, stderr } = Bun.spawnSync([path, atLeast.flag ?? "--version"], { stdio: ["ignore", "pipe", "pipe"] })
  const [, major, minor] = /(\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? []
  const [wantedMajor, wantedMinor = 0] = atLeast.version.split(".").map(Number)
  return Number(major) > wantedMajor! || (Number(major) === wantedMajor && Number(minor) >= wantedMinor)
}

function once(ask: () => boolean): () => boolean {
  let answer: boolean | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}

function succeeds(...[name, ...args]: [string, ...string[]]): boolean {
  const path = Bun.which(name)
  return path !== null && Bun.spawnSync([path, ...args], { stdio: ["ignore", "ignore", "ignore"] }).exitCode === 0
}

/** The folder of PostgreSQL's programs. */
export function postgresProgram(name: "initdb" | "postgres"): string {
  return join(POSTGRES.path, "..", name)
}
