import { expect } from "bun:test"
import { join } from "node:path"
import { NAMED_COMMANDS } from "../../support/http/named-commands.ts"
import { doorbuster, type Ended } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { ADMIN_TOKEN } from "../../support/site.ts"
import { NativeStack } from "../../support/stack.ts"

const { afterAll, beforeAll, test } = needs(REDIS, POSTGRES, NGINX)

let stack: NativeStack
beforeAll(async () => {
  stack = await NativeStack.start({ replicas: 2, nginx: {} })
}, 90_000)
afterAll(() => stack.stop(), 30_000)

/** Runs a command as an operator would, with the admin token in the environment. */
function command(line: string, url = stack.url): Promise<Ended> {
  return doorbuster([...line.split(" "), "--url", url], { ADMIN_TOKEN })
}

test("sale, attack at the public port and audit with the bots' history work on the stack", async () => {
  const history = join(stack.folder, "attack.jsonl")
  const created = await command("sale create --id boots --name Boots --units 50 --price 10.00 --currency USD")
  expect([created.code, created.err]).toEqual([0, ""])
  const attack = await command(`attack --sale boots --buyers 200 --history ${history}`, stack.publicUrl)
  expect([attack.code, attack.err]).toEqual([0, ""])
  const audit = await command(`audit --sale boots --history ${history} --history-complete --json`)
  expect(audit.code).toBe(0)
  expect(JSON.parse(audit.out)).toMatchObject({ ok: true, totals: { total: 50, free: 0, sold: 50, orders: 50 } })
}, 60_000)

test("chaos says in one sentence that the stack cannot kill nodes", async () => {
  const { code, out, err } = await command("chaos")
  expect(err).toMatch(/^[^\n]*demo:chaos[^\n]*\.\n$/)
  expect([code, out]).toEqual([1, ""])
  expect((await command("sale list")).out).not.toContain("practice")
}, 60_000)

for (const [at, [sentence, check]] of Object.entries(NAMED_COMMANDS).entries()) {
  test(sentence, () => check(stack, `named-${at}`), 60_000)
}
