import { afterAll, expect } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { effort } from "../../support/effort.ts"

const PHONE = { width: 320, height: 640 }
export const DESKTOP = { width: 1440, height: 900 }
/** The screens on which every state is checked, from a small phone to a large monitor. */
export const SIZES = effort(
  [PHONE, { width: 360, height: 740 }, { width: 768, height: 1024 }, DESKTOP, { width: 2560, height: 1440 }],
  [PHONE, DESKTOP],
)

const TARGET_MIN_PX = 44
/** A blank screenshot is smaller than this. */
const PICTURE_MIN_BYTES = 5_000

/** The folder in which screenshots are kept; undefined if they are removed after the tests. */
export const PICTURES = process.env.PICTURES

/** Takes screenshots into `PICTURES`, or into a folder that is removed after the tests of the file. */
export function pictures(): (page: Page, name: string) => Promise<void> {
  const folder = PICTURES ?? mkdtempSync(join(tmpdir(), "doorbuster-pictures-"))
  mkdirSync(folder, { recursive: true })
  afterAll(() => {
    if (!PICTURES) rmSync(folder, { recursive: true, force: true })
  })
  return async (page, name) => {
    const taken = await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" })
    expect(taken.length).toBeGreaterThan(PICTURE_MIN_BYTES)
  }
}

/** Pixels by which the page is wider than the screen; at most 0 if it does not scroll sideways. */
export const overflowOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

export const scrollsDown = (page: Page) => page.evaluate(() => document.documentElement.scrollHeight > innerHeight)

/** The visible elements that match `selector` and are too small for a finger. */
export function smallTargets(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll(
    (all, least) =>
      all.flatMap(one => {
        const { width, height } = one.getBoundingClientRect()
        const isSmall = one.checkVisibility() && width > 0 && Math.min(width, height) < least
        return isSmall ? [`${width} x ${height} ${one.outerHTML}`] : []
      }),
    TARGET_MIN_PX,
  )
}

/** Presses Tab until the focus is on an element with this id, accessible name or text. */
export async function tabTo(page: Page, target: string | RegExp, pressesMax = 120): Promise<void> {
  for (let presses = 0; presses < pressesMax; presses++) {
    const focused = await page.evaluate(() => {
      const on = document.activeElement
      return [on?.id, on?.getAttribute("aria-label") ?? on?.textContent?.trim() ?? ""]
    })
    if (focused.some(name => (typeof target === "string" ? name === target : target.test(name ?? "")))) return
    await page.keyboard.press("Tab")
  }
  throw new Error(`The Tab key does not lead to ${target}.`)
}
