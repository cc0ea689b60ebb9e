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
const PLANTED_BUGS: Record<string, [right: string, wrong: string, caughtBy: string]> = {
  "the order guard accepts a changed order": [
    "order.seq or order.changed) == changed",
    "order.seq or changed) ~= ''",
    HOLDS,
  ],
  "the notBefore guard accepts a time 1 ms early": [
    "sale.now >= tonumber(at) end",
    "sale.now + 1 >= tonumber(at) end",
    HOLDS,
  ],
  "the notAfter guard accepts a time 1 ms late": [
    "sale.now <= tonumber(at) end",
    "sale.now - 1 <= tonumber(at) end",
    HOLDS,
  ],
  "the free guard ignores the stock": ["return item and item.free >= tonumber(units)", "return item ~= nil", HOLDS],
  "the limit guard accepts one unit too many": ["return total <= sale.limit", "return total <= sale.limit + 1", HOLDS],
  "the version guard accepts a changed sale": ["return sale.version == version", "return true", HOLDS],
  "the key guard accepts the key of an order": ["if order.key == key then return false end", "", HOLDS],
  "a failed guard is reported as success": ["return '@failed@'".replace("@failed@", "F"), "return 'A'", HOLDS],
  "uses are not saved": ["call('HSET', keys[6], unpack(sale.uses))", "call('HLEN', keys[6])", RECORDED],
  "one customer's key counts for all customers": [
    "return 'key:' .. guard.one .. ':'",
    "return 'key:' .. ':'",
    RECORDED,
  ],
  "the pass guard accepts a used pass": ["return not sale.used['pass:' .. pass]", "return true", RECORDED],
  "a new hold never expires": ["      sale.kept[#sale.kept + 1] = order.deadline\n", "", MADE],
}

describe("transitions in Redis", () => {
  for (const sentence of Object.keys(GUARDS)) {
    test(sentence, async () => expect(await check(sentence, libraryOf())).toBeUndefined())
  }
  for (const [bug, [right, wrong, caughtBy]] of Object.entries(PLANTED_BUGS)) {
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
    const header = `1|drop|1|0|${shop.now}|${shop.now}|1|1000000|0|1000000`
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
