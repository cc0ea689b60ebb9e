import { afterAll, describe, expect } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { browserTest, visiting } from "../../support/browser/visit.ts"
import { violations } from "./axe.ts"
import { STATES } from "./launch-states.ts"

const visit = visiting()

/** `PICTURES` keeps them, to be looked at. */
const folder = process.env.PICTURES ?? mkdtempSync(join(tmpdir(), "doorbuster-pictures-"))
mkdirSync(folder, { recursive: true })
afterAll(() => {
  if (!process.env.PICTURES) rmSync(folder, { recursive: true, force: true })
})

const SIZES = [
  { width: 320, height: 640 },
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1440 },
]
/** Where everything is looked at by a machine and, at times, by a person. */
const PICTURED = [360, 768, 1440]

async function picture(page: Page, name: string): Promise<void> {
  const taken = await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" })
  expect(taken.length).toBeGreaterThan(5_000)
}

/** What can be pressed, but is smaller than a finger. */
async function small(page: Page): Promise<string[]> {
  return page
    .locator("a, button, summary, label")
    .evaluateAll(all =>
      all
        .filter(one => one.checkVisibility() && Math.min(one.clientWidth, one.clientHeight) < 44)
        .map(one => `${one.outerHTML} ${one.clientWidth} x ${one.clientHeight}`),
    )
}

describe("every state of the launch page has its picture, scrolls one way, and hides nothing from anybody", () => {
  for (const { name, says, reach } of STATES) {
    browserTest(name, async () => {
      const page = await reach(visit)
      await page.getByText(says, { exact: true }).first().waitFor({ timeout: 15_000 })
      for (const size of SIZES) {
        await page.setViewportSize(size)
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
        if (PICTURED.includes(size.width)) await picture(page, `${name}-${size.width}`)
        if (size === SIZES[0]) {
          expect(await small(page)).toEqual([])
          expect(await violations(page)).toEqual([])
        }
      }
      // Dark is the stage, not a preference; whoever prefers light reads it as well.
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
      expect(await violations(page)).toEqual([])
      await page.context().close()
    })
  }
})
