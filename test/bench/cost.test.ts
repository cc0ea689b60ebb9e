import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stopAll } from "../../bench/children.ts"
import { measureCostRatio } from "../../bench/ratio/run.ts"
import { COSTS } from "../../src/cli/plan/costs.ts"

/** Other work on the machine makes some rounds dearer, so the cheapest is judged; a purchase that costs twice as much is dearer in all. */
const TOLERANCE = 1.5

const work = mkdtempSync(join(tmpdir(), "doorbuster-cost-"))
afterAll(async () => {
  await stopAll()
  rmSync(work, { recursive: true, force: true })
})

test("an accepted purchase costs at most 1.5 times the floor's multiple that the benchmark recorded", async () => {
  const found = await measureCostRatio(work, "the-secret-of-the-cost-test-0123456789abcdef")
  const most = COSTS.timesFloor * TOLERANCE
  expect({ ...found, most, isFine: Math.min(...found.ratios) <= most }).toMatchObject({ isFine: true })
})
