import { describe, expect } from "bun:test"
import type { Page } from "playwright-core"
import { CONTROL } from "../../support/browser/room.ts"
import { browserTest, inBrowser, visiting } from "../../support/browser/visit.ts"
import { effort } from "../../support/effort.ts"
import { ADMIN_TOKEN } from "../../support/system.ts"
import { violations } from "./axe.ts"
import { openedRoom, STATES } from "./control-states.ts"
import { DESKTOP, overflowOf, PICTURES, pictures, SIZES, scrollsDown, smallTargets, tabTo } from "./screens.ts"

const visit = visiting()
const picture = pictures()

type Scheme = "dark" | "light"
/** The colour schemes in which axe-core checks a width. It takes longer than all other checks together. */
const AXE_SCHEMES: Record<number, readonly Scheme[]> = {
  320: effort<readonly Scheme[]>(["dark", "light"], ["light"]),
  1440: effort<readonly Scheme[]>(["dark", "light"], ["dark"]),
}
const PICTURED_WIDTHS = PICTURES ? [360, 1440, 2560] : [1440]
const TARGETS = "a, button, summary, select, input, textarea"

/** Checks a state on every screen, in dark and in light. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size)
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    if (size.width >= DESKTOP.width) expect(await scrollsDown(page)).toBe(false)
    for (const colorScheme of AXE_SCHEMES[size.width] ?? (["dark"] as const)) {
      await page.emulateMedia({ colorScheme })
      if (PICTURED_WIDTHS.includes(size.width)) await picture(page, `control-${name}-${size.width}-${colorScheme}`)
      if (AXE_SCHEMES[size.width]) expect(await violations(page)).toEqual([])
    }
  }
  expect(await smallTargets(page, TARGETS)).toEqual([])
}

describe("the sign-in page fits every screen, in dark and in light", () => {
  browserTest("at first, after a wrong token and after too many", async () => {
    const page = await visit.open("/control")
    const token = page.getByLabel("Administrator token")
    await token.waitFor()
    await inspect(page, "sign-in")
    await token.fill("not the token")
    await token.press("Enter")
    await page.getByText("That token was not accepted.").waitFor()
    await inspect(page, "sign-in-wrong")
    const headers = { "retry-after": "30", "content-type": "application/problem+json" }
    await page.route("**/session", route => route.fulfill({ status: 429, headers, body: '{"code":"rate_limited"}' }))
    await token.press("Enter")
    await page.getByText(/Try again in/).waitFor()
    await inspect(page, "sign-in-locked")
  })
})

describe("the control room fits every screen, in dark and in light, and passes axe-core in the state", () => {
  let page: Page
  inBrowser.beforeAll(async () => {
    page = await openedRoom(visit)
  })
  for (const { name, reach, leave } of STATES) {
    browserTest(name, async () => {
      await page.setViewportSize(DESKTOP)
      await reach(page)
      try {
        await inspect(page, name)
      } finally {
        await page.setViewportSize(DESKTOP)
        await leave?.(page)
      }
    })
  }
})

browserTest("a keyboard is enough to sign in, pause, undo and close", async () => {
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

for (const lang of ["en", "id"]) {
  browserTest(`the control room's head is one line on a desktop (${lang})`, async () => {
    const page = await visit.open(CONTROL.replace("#", `?lang=${lang}#`), { viewport: DESKTOP })
    await page.getByTestId("node-3").waitFor()
    const heights = await page.locator(".head, .head button").evaluateAll(all => all.map(one => one.clientHeight))
    const [head = 0, ...buttons] = heights
    expect(head).toBeLessThan(2 * Math.min(...buttons))
  })
}

browserTest("the control room in Indonesian fits one screen too", async () => {
  const page = await visit.open(CONTROL.replace("#", "?lang=id#"), { viewport: DESKTOP })
  await page.getByTestId("node-3").waitFor()
  await page.getByRole("heading", { name: "Ruang kendali" }).waitFor()
  expect(await scrollsDown(page)).toBe(false)
  expect(await violations(page)).toEqual([])
  await picture(page, "control-indonesian-1440")
})
