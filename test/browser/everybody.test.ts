import { describe, expect } from "bun:test"
import { readFileSync } from "node:fs"
import type { Page } from "playwright-core"
import { ADMIN_TOKEN } from "../support/system.ts"
import { browserTest, buyButton, orderId, visiting } from "./visit.ts"

const visit = visiting()

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8")

interface Violation {
  id: string
  nodes: { target: string[]; failureSummary: string }[]
}

/** What axe-core finds wrong, in one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    return (await axe.run()).violations
  })
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join("; ")}`)
}

async function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
}

const control = `/control#token=${ADMIN_TOKEN}`

describe("for everybody", () => {
  browserTest("axe-core finds nothing on the launch page, in any state", async () => {
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

  browserTest("axe-core finds nothing in the control room", async () => {
    const door = await visit.open("/control")
    await door.getByLabel("Administrator’s token").waitFor()
    expect(await violations(door)).toEqual([])
    const room = await visit.open(control)
    await room.getByRole("button", { name: "Run audit" }).click()
    await room.getByTestId("verdict").waitFor()
    expect(await violations(room)).toEqual([])
    await room.getByRole("button", { name: "Close…" }).click()
    await room.getByRole("dialog").waitFor()
    expect(await violations(room)).toEqual([])
  })

  browserTest("nothing breaks, and nothing is refused by the pages' own policy", async () => {
    const complaints: string[] = []
    const page = await visit.open("/docs")
    page.on("pageerror", error => complaints.push(error.message))
    page.on("console", message => {
      if (message.type() === "error") complaints.push(message.text())
    })
    await page.goto(`${visit.system.url}/`)
    await buyButton(page).click()
    await orderId(page)
    await page.goto(`${visit.system.url}${control}`)
    await page.getByTestId("node-3").waitFor()
    await page.locator(".chart canvas").first().waitFor()
    expect(complaints).toEqual([])
  })

  browserTest("a keyboard is enough to buy, and the answer takes up the focus", async () => {
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

  for (const width of [320, 360, 768, 1440, 2560]) {
    browserTest(`nothing scrolls sideways at ${width} px`, async () => {
      const viewport = { width, height: 800 }
      const launch = await visit.open("/?lang=id", { viewport })
      await buyButton(launch).waitFor()
      expect(await overflows(launch)).toBe(false)
      await buyButton(launch).click()
      await orderId(launch)
      expect(await overflows(launch)).toBe(false)
      const room = await visit.open(control, { viewport })
      await room.getByTestId("node-3").waitFor()
      expect(await overflows(room)).toBe(false)
    })
  }

  browserTest("the control room is one screen at 1440 x 900", async () => {
    const room = await visit.open(control, { viewport: { width: 1440, height: 900 } })
    await room.getByTestId("node-3").waitFor()
    expect(await room.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true)
  })

  browserTest("what can be pressed is large enough for a finger", async () => {
    const page = await visit.open("/", { viewport: { width: 360, height: 740 } })
    await buyButton(page).waitFor()
    const small = await page
      .locator("a, button, summary, select")
      .evaluateAll(all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML))
    expect(small).toEqual([])
  })
})
