import { afterAll, describe, test } from "bun:test"
import { batches } from "./contract/batches.ts"
import { clock } from "./contract/clock.ts"
import { expiry } from "./contract/expiry.ts"
import { holds } from "./contract/holds.ts"
import { journal } from "./contract/journal.ts"
import { limits } from "./contract/limits.ts"
import { notices } from "./contract/notices.ts"
import { pages } from "./contract/pages.ts"
import { precedence } from "./contract/precedence.ts"
import { replay } from "./contract/replay.ts"
import { restart } from "./contract/restart.ts"
import type { Rules } from "./contract/rule.ts"
import { steering } from "./contract/steering.ts"
import { stock } from "./contract/stock.ts"
import { windows } from "./contract/windows.ts"
import { TEST_MAX_MS } from "./effort.ts"
import { expectAudited } from "./evidence.ts"
import { OPENS, Shop } from "./shop.ts"
import type { Kind } from "./store.ts"

/** What every store does. */
export const CONTRACT: Record<string, Rules> = {
  windows,
  steering,
  stock,
  limits,
  holds,
  expiry,
  replay,
  precedence,
  journal,
  pages,
  notices,
  clock,
  batches,
}

/** The definition of a store: the same sentences, the same outcomes, or it is not an inventory. */
export function inventoryContract(kind: Kind, survives: boolean): void {
  describe(kind.name, () => {
    for (const [subject, rules] of Object.entries({ ...CONTRACT, ...(survives && { restart }) })) {
      describe(subject, () => {
        for (const [sentence, rule] of Object.entries(rules)) test(sentence, () => check(kind, rule), TEST_MAX_MS)
      })
    }
    afterAll(() => kind.end())
  })
}

/** Shows the rule an empty store; whatever it did there, the audit must agree with it. */
async function check(kind: Kind, rule: Rules[string]): Promise<void> {
  const shop = new Shop(await kind.open(OPENS), OPENS)
  try {
    await rule(shop)
    if (rule !== batches["a closed store decides nothing and says so for certain"]) {
      await shop.batch()
      await expectAudited(shop.inventory, shop.now)
    }
  } finally {
    await shop.store.close()
  }
}
