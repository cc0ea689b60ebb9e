import { expect } from "bun:test"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { STORE_RULES, storeUsers } from "../../../deploy/container/store-access.ts"
import { ROOT } from "../../support/compose-file.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { command, RedisServer } from "../../support/redis.ts"
import { openRedis } from "../../support/stores/redis-kinds.ts"

/*
 * The kind: a right that nobody uses until somebody steals it. Every test of the whole stack (test/support/stack.ts) runs as this
 * user, which shows that its rights are enough; these tests show that they are no more than that.
 */
const { afterAll, describe, shared, test } = needs(REDIS)

const PASSWORD = "the-processes-password"
const server = await shared(async () => {
  const started = await RedisServer.start()
  await started.command("ACL", "SETUSER", "doorbuster", "on", `>${PASSWORD}`, ...STORE_RULES)
  return started
})
afterAll(() => server.stop())

const asUser = (...args: string[]) => command(server.port, { username: "doorbuster", password: PASSWORD }, ...args)
/** The error that a command ends with, or its reply. */
const told = (...args: string[]) => asUser(...args).then(String, (error: Error) => error.message)

const FORBIDDEN = [
  ...[
    "FLUSHALL",
    "FLUSHDB",
    "SHUTDOWN",
    "DEBUG SLEEP 0",
    "SAVE",
    "BGREWRITEAOF",
    "MONITOR",
    "KEYS *",
    "SCAN 0",
    "RANDOMKEY",
  ],
  ...["CONFIG SET appendfsync no", "CONFIG REWRITE", "CONFIG RESETSTAT", "REPLICAOF NO ONE", "FAILOVER", "SWAPDB 0 1"],
  ...[
    "ACL LIST",
    "ACL SETUSER doorbuster +@all",
    "ACL WHOAMI",
    "CLIENT LIST",
    "CLIENT KILL TYPE normal",
    "CLIENT PAUSE 100",
  ],
  ...[
    "FUNCTION FLUSH",
    "FUNCTION DELETE doorbuster_v3",
    "FUNCTION DUMP",
    "SCRIPT FLUSH",
    "SCRIPT LOAD x",
    "MODULE LIST",
  ],
  ...[
    "DEL sale:{a}:meta",
    "RENAME sale:{a}:meta sale:{a}:x",
    "EXPIRE sale:{a}:meta 1",
    "MIGRATE h 1 k 0 1",
    "RESTORE k 0 x",
  ],
  ...["PUBLISH a b", "SUBSCRIBE a", "CLUSTER RESET", "CLUSTER FORGET x", "XDEL sale:{a}:journal 1-0", "LATENCY RESET"],
]

describe("the store's user for processes", () => {
  test.each(FORBIDDEN)("may not %s", async text => {
    expect(await told(...text.split(" "))).toMatch(/^NOPERM/)
  })

  test("may not run a script of its own", async () => {
    expect(await told("EVAL", "return 1", "0")).toMatch(/^NOPERM/)
  })

  test.each([
    "GET other",
    "SET other x",
    "HSET other a b",
    "HGET sale:a:meta x",
    "SET {fleet}x y",
    "UNLINK list:{sale}:numbers",
  ])("may not touch another key: %s", async text => {
    expect(await told(...text.split(" "))).toMatch(/^NOPERM/)
  })

  test("may not do in a function what it may not do itself", async () => {
    const own = "redis.register_function('reset_x', function() return redis.call('FLUSHALL') end)"
    await asUser("FUNCTION", "LOAD", `#!lua name=thief\n${own}`)
    expect(await told("FCALL", "reset_x", "0")).toMatch(/can't run this command|No permission|NOPERM/)
    await server.command("FUNCTION", "DELETE", "thief")
  })

  test("may connect, load the functions and read the list of sales", async () => {
    await using inventory = await openRedis({ url: `redis://doorbuster:${PASSWORD}@127.0.0.1:${server.port}` })
    expect(await inventory.sales()).toEqual([])
    expect(inventory.fault).toBeUndefined()
  })

  test("may call each command that the program's sources name, and no data command beyond them", () => {
    const text = globSync(join(ROOT, "src/stack/**/*.{ts,lua}"))
      .map(file => readFileSync(file, "utf8"))
      .join("\n")
    const named = [...text.matchAll(/\bcall\('([A-Z]+)'|\bsend\((?:[^()"]*, )?"([A-Z]+)"/g)].map(([, inLua, sent]) =>
      (inLua ?? sent ?? "").toLowerCase(),
    )
    const allowed = STORE_RULES.filter(rule => /^\+[a-z_]+$/.test(rule)).map(rule => rule.slice(1))
    const others = ["ping", "info", "role", "wait", "fcall", "fcall_ro"]
    expect([...new Set([...named.filter(name => name !== "function"), ...others])].sort()).toEqual(allowed.sort())
  })
})

test("valkey.conf's users are digests of their passwords, and a server that reads them lets nobody in without a name", async () => {
  const users = storeUsers({ password: PASSWORD, adminPassword: "the-people's-password" })
  expect(users).not.toContain("password")
  for (const line of users.trim().split("\n").reverse())
    await server.command("ACL", "SETUSER", ...line.split(" ").slice(1)).catch(() => {})
  expect(await command(server.port, {}, "PING").catch((error: Error) => error.message)).toMatch(/^NOAUTH/)
  expect(await told("PING")).toBe("PONG")
  const admin = { username: "admin", password: "the-people's-password" }
  expect(await command(server.port, admin, "ACL", "WHOAMI")).toBe("admin")
})
