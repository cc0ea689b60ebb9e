import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "../support/compose-file.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doorbuster-secrets-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function run(env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, "deploy/container/secrets.ts"], {
    cwd: ROOT,
    env: { ...env, SECRETS_DIR: folder },
  })
  return { exitCode, out: stdout.toString(), err: stderr.toString() }
}

const read = (file: string) => readFileSync(join(folder, file), "utf8").trim()
const digestOf = (text: string) => `#${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`
const FILES = [
  "app/session-secret",
  "app/admin-token",
  "store/password",
  "store-admin/password",
  "ledger/password",
  "grafana/password",
]

test("the first start makes a different value for every secret and prints the admin token", () => {
  const { exitCode, out } = run()
  expect(exitCode).toBe(0)
  const made = FILES.map(read)
  expect(new Set(made).size).toBe(FILES.length)
  for (const secret of made) expect(secret.length).toBeGreaterThanOrEqual(24)
  expect(read("app/session-secret").length).toBeGreaterThanOrEqual(32)
  expect(out).toContain(read("app/admin-token"))
  for (const file of FILES.filter(file => file !== "app/admin-token")) expect(out).not.toContain(read(file))
  expect(
    read("store-admin/users.conf")
      .split("\n")
      .map(line => line.split(" ").slice(0, 4)),
  ).toEqual([
    ["user", "default", "off"],
    ["user", "doorbuster", "on", digestOf(read("store/password"))],
    ["user", "admin", "on", digestOf(read("store-admin/password"))],
  ])
})

test("later starts keep the secrets and print none", () => {
  run()
  const before = FILES.map(read)
  const { exitCode, out } = run()
  expect(exitCode).toBe(0)
  expect(FILES.map(read)).toEqual(before)
  for (const secret of before) expect(out).not.toContain(secret)
})

test("a secret from the environment replaces the stored one, and the others stay", () => {
  run()
  const before = read("app/admin-token")
  const { out } = run({ SESSION_SECRET: "given by an operator, 32 bytes and more".replaceAll(" ", "-") })
  expect(read("app/session-secret")).toStartWith("given-by-an-operator")
  expect(read("app/admin-token")).toBe(before)
  expect(out).not.toContain("given-by")
})

test("a password with quotation marks is refused with one sentence", () => {
  const { exitCode, err } = run({ INVENTORY_PASSWORD: 'a "quoted" one' })
  expect(exitCode).toBe(1)
  expect(err).toBe(
    "INVENTORY_PASSWORD must consist of printable ASCII characters without spaces, quotation marks or backslashes.\n",
  )
})

test("only the program's user can read the program's secrets", () => {
  run()
  expect(statSync(join(folder, "app/admin-token")).mode & 0o777).toBe(0o400)
  expect(statSync(join(folder, "app/session-secret")).mode & 0o777).toBe(0o400)
})
