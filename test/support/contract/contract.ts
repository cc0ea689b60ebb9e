import { TEST_MAX_MS } from "../effort.ts"
import { needs } from "../needs.ts"
import { expectAudited } from "../stores/evidence.ts"
import { OPENS, Shop } from "../stores/shop.ts"
import type { Kind } from "../stores/store.ts"
import { batches } from "./rules/batches.ts"
import { clock } from "./rules/clock.ts"
import { commands } from "./rules/commands.ts"
import { expiry } from "./rules/expiry.ts"
import { holds } from "./rules/holds.ts"
import { journal } from "./rules/journal.ts"
import { limits } from "./rules/limits.ts"
import { notices } from "./rules/notices.ts"
import { pages } from "./rules/pages.ts"
import { precedence } from "./rules/precedence.ts"
import { releases } from "./rules/releases.ts"
import { replay } from "./rules/replay.ts"
import { restart } from "./rules/restart.ts"
import type { Rules } from "./rules/rule.ts"
import { steering } from "./rules/steering.ts"
import { stock } from "./rules/stock.ts"
import { windows } from "./rules/windows.ts"

/** The rules that every store passes. */
export const CONTRACT: Record<string, Rules> = {
  windows,
  steering,
  stock,
  limits,
  holds,
  expiry,
  replay,
  releases,
  precedence,
  journal,
  pages,
  notices,
  clock,
  batches,
  commands,
}

/** Runs the contract, which defines what an inventory is, on one kind of store. */
export function inventoryContract(kind: Kind, survives: boolean): void {
  const { afterAll, describe, test } = needs(...kind.needs)
  describe(kind.name, () => {
    for (const [subject, rules] of Object.entries({ ...CONTRACT, ...(survives && { restart }) })) {
      describe(subject, () => {
        for (const [sentence, rule] of Object.entries(rules)) test(sentence, () => check(kind, rule), TEST_MAX_MS)
      })
    }
    afterAll(() => kind.end())
  })
}

/** Runs the rule on an empty store, then audits the store. */
async function check(kind: Kind, rule: Rules[string]): Promise<void> {
  const shop = new Shop(await kind.open(OPENS), OPENS)
  try {
    await rule(shop)
    if (rule !== batches["a closed store decides nothing, and its fault is certain"]) {
      await shop.batch()
      await expectAudited(shop.inventory, shop.now)
    }
  } finally {
    await shop.store.close()
  }
}
