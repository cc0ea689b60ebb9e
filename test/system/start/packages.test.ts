import { expect, test } from "bun:test"
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { eventually } from "../../support/eventually.ts"
import { Folder } from "../../support/launch.ts"
import { isGone } from "../../support/processes.ts"

const ROOT = join(import.meta.dir, "../../..")
const { version, dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  version: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}
const RUNNING = Object.keys(dependencies)
const DEVELOPMENT = Object.keys(devDependencies)

/** Stands in for npm: keeps its arguments and its cache, and installs by links. */
const NPM = `#!${Bun.which("node")}
const { appendFileSync, mkdirSync, symlinkSync, writeFileSync } = require("node:fs")
const { dirname } = require("node:path")
const { CLONE, NPM, PACKAGES, npm_config_cache = "" } = process.env
appendFileSync(CLONE + "/npm-calls", process.argv.slice(2).join(" ") + "\\n")
writeFileSync(CLONE + "/npm-cache", npm_config_cache + "\\n")
if (NPM === "fails") process.exit(3)
if (NPM === "hangs") {
  writeFileSync(CLONE + "/npm-pid", String(process.pid))
  setInterval(() => {}, 60_000)
} else {
  for (const name of PACKAGES.split(" ").filter(Boolean)) {
    mkdirSync(dirname("node_modules/" + name), { recursive: true })
    symlinkSync("${ROOT}/node_modules/" + name, "node_modules/" + name)
  }
}
`

/** A clone with the launcher, and a program that prints its arguments. */
class Clone extends Folder {
  constructor(installed: string[] = []) {
    super()
    cpSync(join(ROOT, "bin"), this.file("bin"), { recursive: true })
    cpSync(join(ROOT, "package.json"), this.file("package.json"))
    for (const folder of ["src", "path"]) mkdirSync(this.file(folder))
    writeFileSync(this.file("src/main.ts"), 'console.log("ran", ...process.argv.slice(2))')
    writeFileSync(this.file("path/package.json"), "{}")
    writeFileSync(this.file("path/npm"), NPM, { mode: 0o755 })
    this.link(installed)
  }

  link(names: string[]): void {
    for (const name of names) {
      mkdirSync(dirname(this.file(`node_modules/${name}`)), { recursive: true })
      symlinkSync(join(ROOT, "node_modules", name), this.file(`node_modules/${name}`))
    }
  }

  start(args: string[], env: Record<string, string> = {}) {
    const { PATH = "", HOME = "" } = process.env
    return Bun.spawn(["node", this.file("bin/doorbuster.mjs"), ...args], {
      cwd: this.path,
      env: { PATH: `${this.file("path")}:${PATH}`, HOME, CLONE: this.path, PACKAGES: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    })
  }

  async run(args: string[], env: Record<string, string> = {}) {
    const child = this.start(args, env)
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { code: await child.exited, out, err }
  }

  npmCalls(): Promise<string> {
    return Bun.file(this.file("npm-calls"))
      .text()
      .catch(() => "")
  }
}

test("given an empty clone, the first start installs what running needs and runs; the second installs nothing", async () => {
  using clone = new Clone()
  const first = await clone.run(["up", "x"], { PACKAGES: RUNNING.join(" ") })
  expect(first).toEqual({ code: 0, out: expect.stringContaining("\nran up x\n"), err: "" })
  expect(first.out).toStartWith("Installing what is missing for running")
  const calls = await clone.npmCalls()
  expect(calls).toMatch(/^ci .*--omit=dev/)
  expect(await clone.run(["up"])).toEqual({ code: 0, out: "ran up\n", err: "" })
  expect(await clone.npmCalls()).toBe(calls)
}, 30_000)

test("given what running needs, a developer's command installs the rest and says so; afterwards npm is not called", async () => {
  using clone = new Clone(RUNNING)
  const first = await clone.run(["--dev", "src/main.ts", "y"], { PACKAGES: DEVELOPMENT.join(" ") })
  expect(first).toEqual({ code: 0, out: expect.stringContaining("\nran y\n"), err: "" })
  expect(first.out).toStartWith("Installing what is missing for development")
  const calls = await clone.npmCalls()
  expect(calls).toMatch(/^install .*--include=dev/)
  expect((await clone.run(["--dev", "src/main.ts"])).out).toBe("ran\n")
  expect(await clone.npmCalls()).toBe(calls)
}, 30_000)

test("given a package of another version, npm installs again; developers' packages stay", async () => {
  using clone = new Clone([...RUNNING.filter(name => name !== "zod"), ...DEVELOPMENT])
  mkdirSync(clone.file("node_modules/zod"))
  writeFileSync(clone.file("node_modules/zod/package.json"), '{ "version": "0.0.1" }')
  await clone.run(["up"])
  expect(await clone.npmCalls()).toMatch(/^install .*--include=dev/)
}, 30_000)

test("given an installation that failed, one sentence and exit code 1; the next start installs again", async () => {
  using clone = new Clone(RUNNING.slice(1))
  const failed = await clone.run(["up"], { NPM: "fails" })
  expect([failed.code, failed.err]).toEqual([1, "doorbuster: npm failed; its message is above.\n"])
  clone.link(RUNNING.slice(0, 1))
  expect((await clone.run(["up"])).out).toStartWith("Installing")
}, 30_000)

test.each([
  ["node_modules/.modules.yaml", "pnpm install"],
  ["node_modules/.yarn-integrity", "yarn install"],
  ["bun.lock", "bun install"],
])(
  "a tree with %s is taken as it is; when a package is missing, the sentence names %s",
  async (trace, command) => {
    using clone = new Clone(RUNNING)
    writeFileSync(clone.file(trace), "")
    expect(await clone.run(["up"])).toEqual({ code: 0, out: "ran up\n", err: "" })
    rmSync(clone.file("node_modules/zod"))
    const { code, out, err } = await clone.run(["up"])
    expect([code, out]).toEqual([1, ""])
    expect(err).toMatch(new RegExp(`^doorbuster: [^\\n]*zod[^\\n]*${command}[^\\n]*\\.\\n$`))
    expect(await clone.npmCalls()).toBe("")
  },
  30_000,
)

test("where install scripts are blocked, Bun is found in its platform's package, beside the real place of a link", async () => {
  using clone = new Clone(RUNNING.filter(name => name !== "bun"))
  const store = "node_modules/.pnpm/bun@1/node_modules"
  const platform = "@oven/bun-this-platform/bin"
  for (const folder of [`${store}/bun/bin`, `${store}/${platform}`]) mkdirSync(clone.file(folder), { recursive: true })
  cpSync(join(ROOT, "node_modules/bun/package.json"), clone.file(`${store}/bun/package.json`))
  writeFileSync(clone.file(`${store}/bun/bin/bun.exe`), "echo blocked; exit 1")
  symlinkSync(process.execPath, clone.file(`${store}/${platform}/bun`))
  symlinkSync(clone.file(`${store}/bun`), clone.file("node_modules/bun"))
  expect(await clone.run(["up"])).toEqual({ code: 0, out: "ran up\n", err: "" })
}, 30_000)

test("npm gets a cache of its own where the usual one cannot be written, and none where it can", async () => {
  using clone = new Clone()
  await clone.run(["up"], { HOME: "/proc/nowhere" })
  const cache = (await Bun.file(clone.file("npm-cache")).text()).trim()
  expect(cache).toContain("doorbuster-npm-")
  expect(await Bun.file(cache).exists()).toBe(false)
  await clone.run(["up"], { HOME: clone.path })
  expect(await Bun.file(clone.file("npm-cache")).text()).toBe("\n")
}, 30_000)

test.each([
  ["SIGTERM", "up", 0],
  ["SIGINT", "up", 0],
  ["SIGHUP", "up", 0],
  ["SIGTERM", "audit", 143],
] as const)(
  "%s while npm installs for %s ends both with one sentence",
  async (signal, command, code) => {
    using clone = new Clone()
    const child = clone.start([command], { NPM: "hangs" })
    const npm = await eventually("npm runs", () =>
      Bun.file(clone.file("npm-pid"))
        .text()
        .then(text => Number(text) || undefined)
        .catch(() => undefined),
    )
    child.kill(signal)
    expect(await child.exited).toBe(code)
    expect(await new Response(child.stdout).text()).toEndWith("\nStopped before it was open.\n")
    expect(await new Response(child.stderr).text()).toBe("")
    expect(isGone(npm)).toBe(true)
  },
  30_000,
)

test("two first starts at once install once", async () => {
  using clone = new Clone()
  const first = clone.start(["up"], { NPM: "hangs" })
  await eventually("npm runs", async () => (await clone.npmCalls()) !== "")
  const second = clone.run(["up", "second"], { PACKAGES: RUNNING.join(" ") })
  clone.link(RUNNING)
  rmSync(clone.file(".doorbuster-installing"))
  expect((await second).out).toEndWith("ran up second\n")
  expect((await clone.npmCalls()).trim().split("\n").length).toBe(1)
  first.kill("SIGTERM")
  await first.exited
}, 30_000)

test("--version answers with the version of package.json, with nothing installed", async () => {
  using clone = new Clone()
  for (const flag of ["--version", "-V"]) {
    expect(await clone.run([flag])).toEqual({ code: 0, out: `${version}\n`, err: "" })
  }
  expect(await clone.npmCalls()).toBe("")
}, 30_000)

test("Compose's .env reaches neither the program nor a script", async () => {
  using clone = new Clone(RUNNING)
  writeFileSync(clone.file(".env"), "PORT=127.0.0.1:28080\n")
  writeFileSync(clone.file("src/main.ts"), 'console.log("PORT", process.env.PORT)')
  for (const args of [["up"], ["--run", "src/main.ts"]]) expect((await clone.run(args)).out).toBe("PORT undefined\n")
}, 30_000)
