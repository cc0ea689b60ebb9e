import { describe, expect, test } from "bun:test"
import type { Inventory } from "../../src/core/ports/inventory.ts"
import type { Millis } from "../../src/core/sale.ts"
import type { Clock } from "../../src/runtime/time.ts"
import { CONTRACT } from "../support/contract/contract.ts"
import type { Rules } from "../support/contract/rules/rule.ts"
import { TestClock } from "../support/stores/clocks.ts"
import { audit } from "../support/stores/evidence.ts"
import { OPENS, Shop } from "../support/stores/shop.ts"
import { story } from "../support/story/story.ts"
import { CORRECT_STORES, PLANTED_BUGS } from "./planted/plants.ts"
import { runScenario } from "./planted/scenario.ts"

type Check = (shop: Shop) => Promise<void>

/** Tests of the tests: they must catch each planted bug, and correct stores must pass the same checks. */
for (const [bug, { open, caughtBy, story: table, audit: checks }] of Object.entries(PLANTED_BUGS)) {
  describe(bug, () => {
    for (const title of caughtBy) catches(`the contract, ${title}`, open, ruleOf(title))
    if (table) catches("a story", open, shop => story(shop, table))
    if (checks.length === 0) return
    test(`the audit, ${checks.join(", ")}`, async () => {
      expect(await failedChecks(shopOf(open))).toEqual(expect.arrayContaining(checks))
    })
  })
}

describe("correct stores", () => {
  for (const [name, open] of Object.entries(CORRECT_STORES)) {
    test(`${name} passes the audit of the same scenario`, async () => {
      expect(await failedChecks(shopOf(open))).toEqual([])
    })
    for (const [subject, rules] of Object.entries(CONTRACT)) {
      test(`${name} passes the contract, ${subject}`, async () => {
        for (const rule of Object.values(rules)) await rule(shopOf(open))
      })
    }
  }
})

function catches(what: string, open: (clock: Clock) => Inventory, check: Check): void {
  test(what, async () => {
    for (const correct of Object.values(CORRECT_STORES)) await check(shopOf(correct))
    const caught = await check(shopOf(open)).catch((error: Error) => error)
    expect(caught).toBeInstanceOf(Error)
    // The message shows that an assertion failed, not that the test had an error of its own.
    expect((caught as Error).message).toContain("expect(")
  })
}

function ruleOf(title: string): Check {
  const [subject = "", sentence = ""] = title.split(/: (.*)/)
  const rule = (CONTRACT[subject] as Rules | undefined)?.[sentence]
  if (!rule) throw new Error(`The contract has no rule ${title}`)
  return rule
}

function shopOf(open: (clock: Clock) => Inventory): Shop {
  const clock = new TestClock(OPENS)
  const inventory = open(clock)
  const store = {
    inventory,
    setClock: (now: Millis) => clock.set(now),
    stepClock: (ms: Millis) => clock.step(ms),
    close: () => inventory[Symbol.asyncDispose](),
  }
  return new Shop(store, OPENS)
}

/** The short names of the checks that the scenario fails, such as `I2`. */
async function failedChecks(shop: Shop): Promise<string[]> {
  const history = await runScenario(shop)
  const failed = new Set<string>()
  for (const { id } of await shop.inventory.sales()) {
    const { checks } = await audit(shop.inventory, id, shop.now, history)
    for (const { name, ok } of checks) if (!ok) failed.add(name.split(" ")[0]!)
  }
  return [...failed]
}
