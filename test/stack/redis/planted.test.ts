import { expect } from "bun:test"
import { type Library, libraryOf } from "../../../src/stack/redis/protocol/library.ts"
import { CONTRACT } from "../../support/contract/contract.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { PLANTED_BUGS } from "./plants.ts"
import { openShop } from "./shops.ts"

const { afterAll, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
afterAll(() => server.stop())

/** Tests of the contract: it must catch each planted bug, and the real functions must pass. */
describe("the contract catches", () => {
  for (const [bug, { change, caughtBy }] of Object.entries(PLANTED_BUGS)) {
    test(bug, async () => {
      expect(await check(caughtBy, libraryOf())).toBeUndefined()
      expect(await check(caughtBy, planted(change))).toBeInstanceOf(Error)
    })
  }
})

function planted(change: [right: string, wrong: string][]): Library {
  const library = libraryOf()
  let { text } = library
  for (const [right, wrong] of change) {
    expect([right, text.split(right).length]).toEqual([right, 2])
    text = text.replace(right, wrong)
  }
  return { ...library, text }
}

/** The error with which a store of this library fails the rule, if it does. */
async function check(title: string, library: Library): Promise<Error | undefined> {
  const [subject = "", sentence = ""] = title.split(/: (.*)/)
  const rule = CONTRACT[subject]![sentence]!
  await server.wipe()
  const shop = await openShop({ url: server.url, library })
  try {
    await rule(shop)
    return undefined
  } catch (error) {
    return error as Error
  } finally {
    await shop.inventory[Symbol.asyncDispose]()
  }
}
