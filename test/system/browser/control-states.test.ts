import { afterAll, describe, expect } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { CONTROL } from "../../support/browser/room.ts"
import { browserTest, inBrowser, visiting } from "../../support/browser/visit.ts"
import { ADMIN_TOKEN } from "../../support/system.ts"
import { violations } from "./axe.ts"
import { openedRoom, STATES } from "./control-states.ts"

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
/** Where a machine looks at everything, in these schemes. */
const JUDGED: Record<number, readonly ("dark" | "light")[]> = {
  320: ["dark", "light"],
  1440: ["dark", "light"],
  2560: ["dark"],
}
/** Where a person may: at every size if the pictures are kept. */
const PICTURED = process.env.PICTURES ? [360, 1440, 2560] : [1440]
const TARGET_MIN_PX = 44

/** Sees to it that a state is right in every size, dark and light. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    if (size.width >= 1440) expect(await pageScrolls(page)).toBe(false)
    for (const colorScheme of JUDGED[size.width] ?? (["dark"] as const)) {
      await page.emulateMedia({ colorScheme })
      if (PICTURED.includes(size.width)) await picture(page, `control-${name}-${size.width}-${colorScheme}`)
      if (JUDGED[size.width]) expect(await violations(page)).toEqual([])
    }
  }
  expect(await smallTargets(page)).toEqual([])
}

async function picture(page: Page, name: string): Promise<void> {
  const taken = await page.screenshot({ path: join(folder, `${name}.png`) })
  expect(taken.length).toBeGreaterThan(5_000)
}

const pageScrolls = (page: Page) => page.evaluate(() => document.documentElement.scrollHeight > innerHeight)

/** What can be pressed and is too small for a finger. */
function smallTargets(page: Page): Promise<string[]> {
  return page.locator("a, button, summary, select, input, textarea").evaluateAll(
    (all, least) =>
      all.flatMap(one => {
        const { width, height } = one.getBoundingClientRect()
        return width > 0 && Math.min(width, height) < least ? [`${width} x ${height} ${one.outerHTML}`] : []
      }),
    TARGET_MIN_PX,
  )
}

describe("the door, in every size, dark and light", () => {
  browserTest("shut, wrong and locked", async () => {
    const page = await visit.open("/control")
    const token = page.getByLabel("Administrator token")
    await token.waitFor()
    await inspect(page, "door")
    await token.fill("not the token")
    await page.keyboard.press("Enter")
    await page.getByText("That token was not accepted.").waitFor()
    await inspect(page, "door-wrong")
    const headers = { "retry-after": "30", "content-type": "application/problem+json" }
    await page.route("**/session", route => route.fulfill({ status: 429, headers, body: '{"code":"rate_limited"}' }))
    await page.keyboard.press("Enter")
    await page.getByText(/Try again in/).waitFor()
    await inspect(page, "door-locked")
  })
})

describe("the room, in every size, dark and light, hides nothing from anybody", () => {
  let page: Page
  inBrowser.beforeAll(async () => {
    page = await openedRoom(visit)
  })
  for (const { name, reach, leave } of STATES) {
    browserTest(name, async () => {
      await page.setViewportSize({ width: 1440, height: 900 })
      await reach(page)
      try {
        await inspect(page, name)
      } finally {
        await page.setViewportSize({ width: 1440, height: 900 })
        await leave?.(page)
      }
    })
  }
})

browserTest("a keyboard is enough: to come in, to pause, to undo, to close", async () => {
  await visit.system.createSale("by-keys")
  const page = await visit.open("/control")
  await page.getByLabel("Administrator token").waitFor()
  await tabTo(page, "token")
  await page.keyboard.type(ADMIN_TOKEN)
  await page.keyboard.press("Enter")
  await page.getByTestId("node-1").waitFor()
  await page.getByTestId("sale").focus()
  await page.keyboard.type("by-keys")
  await page.getByTestId("item-by-keys").waitFor()
  await tabTo(page, "Pause")
  await page.keyboard.press("Enter")
  await page.getByRole("button", { name: "Undo" }).waitFor()
  await tabTo(page, "Undo")
  await page.keyboard.press("Enter")
  await page.getByRole("button", { name: "Pause" }).waitFor()
  await tabTo(page, "Close…")
  await page.keyboard.press("Enter")
  await page.getByRole("dialog").waitFor()
  await page.keyboard.type("close")
  await page.keyboard.press("Enter")
  await page.getByTestId("log").getByText("The sale was closed").waitFor({ timeout: 20_000 })
})

/** Presses Tab until it is on what has this text or id. */
async function tabTo(page: Page, what: string): Promise<void> {
  const isOn = () =>
    page.evaluate(wanted => {
      const on = document.activeElement
      return on?.id === wanted || on?.textContent?.trim() === wanted
    }, what)
  for (let presses = 0; presses < 120 && !(await isOn()); presses++) await page.keyboard.press("Tab")
  expect(await isOn()).toBe(true)
}

browserTest("in Indonesian the room is one screen as well", async () => {
  const page = await visit.open(CONTROL.replace("#", "?lang=id#"), { viewport: { width: 1440, height: 900 } })
  await page.getByTestId("node-3").waitFor()
  await page.getByRole("heading", { name: "Ruang kendali" }).waitFor()
  expect(await pageScrolls(page)).toBe(false)
  expect(await violations(page)).toEqual([])
  await picture(page, "control-indonesian-1440")
})
