import { expect } from "bun:test"
import fc from "fast-check"
import { effort } from "../../support/effort.ts"
import { steps } from "../../support/model/steps.ts"
import { Walk } from "../../support/model/walk.ts"
import { memory } from "../../support/stores/kinds.ts"
import { OPENS } from "../../support/stores/shop.ts"
import type { Kind } from "../../support/stores/store.ts"

/** A failure prints `seed` and `path`. Set them here to repeat it. */
const REPEAT: fc.Parameters<unknown> = {}

export const LIMIT_MS = effort(240_000, 60_000, 3_600_000)

/** Random sequences over the store and the model, until both have decided `commandsMin` commands. */
export async function compare(kind: Kind, commandsMin: number): Promise<void> {
  const model = memory()
  let commands = 0
  const property = fc.asyncProperty(steps, async sequence => {
    const stores = [await kind.open(OPENS), await model.open(OPENS)] as const
    try {
      const walk = new Walk(...stores)
      await walk.take(sequence)
      commands += walk.commands
    } finally {
      for (const store of stores) await store.close()
    }
  })
  // A sequence has a few hundred commands. The remaining ones make the last round.
  while (commands < commandsMin) {
    const numRuns = Math.ceil((commandsMin - commands) / 300)
    await fc.assert(property, { numRuns, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true, ...REPEAT })
    if (REPEAT.seed !== undefined) return
  }
  expect(commands).toBeGreaterThanOrEqual(commandsMin)
}
