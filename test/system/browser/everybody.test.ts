import { describe, expect } from "bun:test"
import { CONTROL } from "../../support/browser/room.ts"
import { browserTest, buyButton, orderId, visiting } from "../../support/browser/visit.ts"
import { violations } from "./axe.ts"
import { overflowOf, SIZES, smallTargets } from "./screens.ts"

const visit = visiting()

describe("accessibility", () => {
  browserTest("axe-core finds nothing on the launch page before, during and after a purchase", async () => {
    await visit.system.createSale("a-held", { checkout: "hold", holdSeconds: 60 })
    await visit.system.createSale("a-scheduled", { opensAt: new Date(Date.now() + 3_600_000).toISOString() })
    await visit.system.createSale("a-gone", { total: 0 })
    for (const sale of ["a-held", "a-scheduled", "a-gone", "no-such-sale"]) {
      const page = await visit.open(`/sales/${sale}`, { viewport: { width: 360, height: 740 } })
      await page.locator(".card, .buy, .missing h1:not(.quiet)").first().waitFor()
      expect(await violations(page)).toEqual([])
    }
    const page = await visit.open("/sales/a-held")
    await buyButton(page).click()
    await orderId(page)
    expect(await violations(page)).toEqual([])
    await page.getByRole("button", { name: "Confirm" }).click()
    await page.getByText("It’s yours.").first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  browserTest("both pages run without errors and without violations of their content security policy", async () => {
    const complaints: string[] = []
    const page = await visit.open("/docs")
    page.on("pageerror", error => complaints.push(error.message))
    page.on("console", message => {
      if (message.type() === "error") complaints.push(message.text())
    })
    await page.goto(`${visit.system.url}/`)
    await buyButton(page).click()
    await orderId(page)
    await page.goto(`${visit.system.url}${CONTROL}`)
    await page.getByTestId("node-3").waitFor()
    await page.locator(".chart canvas").first().waitFor()
    expect(complaints).toEqual([])
  })

  browserTest("a keyboard is enough to buy, and the order card gets the focus", async () => {
    const page = await visit.open("/")
    await buyButton(page).waitFor()
    const isOn = (id: string) =>
      page.evaluate(wanted => document.activeElement?.getAttribute("data-testid") === wanted, id)
    for (let presses = 0; presses < 10 && !(await isOn("buy")); presses++) await page.keyboard.press("Tab")
    expect(await isOn("buy")).toBe(true)
    await page.keyboard.press("Enter")
    await orderId(page)
    expect(await isOn("action")).toBe(true)
  })

  for (const { width } of SIZES) {
    browserTest(`the launch page does not scroll sideways at ${width} px`, async () => {
      const viewport = { width, height: 800 }
      const launch = await visit.open("/?lang=id", { viewport })
      await buyButton(launch).waitFor()
      expect(await overflowOf(launch)).toBeLessThanOrEqual(0)
      await buyButton(launch).click()
      await orderId(launch)
      expect(await overflowOf(launch)).toBeLessThanOrEqual(0)
    })
  }

  browserTest("every button and link is large enough for a finger", async () => {
    const page = await visit.open("/", { viewport: { width: 360, height: 740 } })
    await buyButton(page).waitFor()
    expect(await smallTargets(page, "a, button, summary, select")).toEqual([])
  })
})
