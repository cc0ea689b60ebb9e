import { describe, expect } from "bun:test"
import { browserTest, visiting } from "../../support/browser/visit.ts"
import { violations } from "./axe.ts"
import { STATES } from "./launch-states.ts"
import { overflowOf, PICTURES, pictures, SIZES, smallTargets } from "./screens.ts"

const visit = visiting()
const picture = pictures()

const PICTURED_WIDTHS = PICTURES ? [360, 768, 1440] : [360]
const TARGETS = "a, button, summary, label"
const STATE_MAX_MS = 20_000

describe("the launch page fits every screen and passes axe-core in the state", () => {
  for (const { name, says, reach } of STATES) {
    browserTest(name, async () => {
      const page = await reach(visit)
      await page.getByText(says, { exact: true }).first().waitFor({ timeout: STATE_MAX_MS })
      for (const size of SIZES) {
        await page.setViewportSize(size)
        expect(await overflowOf(page)).toBeLessThanOrEqual(0)
        if (PICTURED_WIDTHS.includes(size.width)) await picture(page, `${name}-${size.width}`)
        if (size === SIZES[0]) {
          expect(await smallTargets(page, TARGETS)).toEqual([])
          expect(await violations(page)).toEqual([])
        }
      }
      // The page is dark in both colour schemes, and readers who prefer light see it too.
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
      expect(await violations(page)).toEqual([])
      await page.context().close()
    })
  }
})
