import { expect } from "bun:test"
import { codeName } from "../../../src/stack/redis/protocol/codes.ts"
import { keysOf } from "../../../src/stack/redis/protocol/keys.ts"
import { type Library, libraryOf } from "../../../src/stack/redis/protocol/library.ts"
import { packTransition } from "../../../src/stack/redis/protocol/requests.ts"
import { type Apply, GUARDS } from "../../support/contract/guards.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { openShop } from "./shops.ts"

const { afterAll, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
afterAll(() => server.stop())

const [HOLDS = "", RECORDED = "", MADE = ""] = Object.keys(GUARDS)

/** Plausible mistakes in the guards, and the rule that must fail. */
const PLANTS: Record<string, [right: string, wrong: string, caughtBy: string]> = {
  "an order may have changed meanwhile": [
    "order.seq or order.changed) == changed",
    "order.seq or changed) ~= ''",
    HOLDS,
  ],
  "a moment too early is early enough": ["sale.now >= tonumber(at) end", "sale.now + 1 >= tonumber(at) end", HOLDS],
  "a moment too late is in time": ["sale.now <= tonumber(at) end", "sale.now - 1 <= tonumber(at) end", HOLDS],
  "units need not be free": ["return item and item.free >= tonumber(units)", "return item ~= nil", HOLDS],
  "the limit is exceeded by one": ["return total <= sale.limit", "return total <= sale.limit + 1", HOLDS],
  "an administrator may have come in between": ["return sale.version == version", "return true", HOLDS],
  "a key may have made an order": ["if order.key == key then return false end", "", HOLDS],
  "a failed guard is not told": ["return '@failed@'".replace("@failed@", "F"), "return 'A'", HOLDS],
  "uses are not kept": ["call('HSET', keys[6], unpack(sale.uses))", "call('HLEN', keys[6])", RECORDED],
  "a key is used by everybody at once": ["return 'key:' .. guard.one .. ':'", "return 'key:' .. ':'", RECORDED],
  "a pass holds again": ["return not sale.used['pass:' .. pass]", "return true", RECORDED],
  "a new hold never ends": ["      sale.kept[#sale.kept + 1] = order.deadline\n", "", MADE],
}

describe("transitions in Redis", () => {
  for (const sentence of Object.keys(GUARDS)) {
    test(sentence, async () => expect(await check(sentence, libraryOf())).toBeUndefined())
  }
  for (const [bug, [right, wrong, caughtBy]] of Object.entries(PLANTS)) {
    test(`notice that ${bug}`, async () => {
      const library = libraryOf()
      expect([right, library.text.split(right).length]).toEqual([right, 2])
      const planted = { ...library, text: library.text.replace(right, wrong) }
      expect(await check(caughtBy, planted)).toBeInstanceOf(Error)
    })
  }
})

async function check(sentence: string, library: Library): Promise<Error | undefined> {
  await server.wipe()
  const shop = await openShop({ url: server.url, library })
  const keys = keysOf("drop").all
  const apply: Apply = async (transition, sale) => {
    const version = String(await server.command("HGET", keys[0]!, "version"))
    const about = transition.guards.find(guard => guard.kind === "version")
    const told = about?.version === sale.version ? version : "1-0"
    const header = `1|drop|1|0|${shop.now}|1000000|0`
    const args = [header, ...packTransition(transition, sale, told)]
    const name = library.functionName("apply")
    const reply = (await server.command("FCALL", name, String(keys.length), ...keys, ...args)) as string[]
    const code = codeName(reply[5])
    if (code === "applied") return undefined
    expect(code).toBe("failed")
    return transition.guards[Number(reply[6]) - 1]!.kind
  }
  try {
    await GUARDS[sentence]!(shop, apply)
    await expectAudited(shop.inventory, shop.now)
    return undefined
  } catch (error) {
    return error as Error
  } finally {
    await shop.inventory[Symbol.asyncDispose]()
  }
}
