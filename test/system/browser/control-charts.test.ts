import { describe, expect } from "bun:test"
import { logged, roomOf } from "../../support/browser/room.ts"
import { browserTest, textOf, visiting } from "../../support/browser/visit.ts"
import { tokenOf } from "../../support/token.ts"

const visit = visiting()
const room = roomOf(visit)

describe("the charts", () => {
  browserTest("do not change while they are frozen, and then continue", async () => {
    await visit.system.createSale("while-frozen")
    const page = await room("while-frozen")
    await page.locator(".tile.rate").getByRole("button", { name: "Table" }).click()
    const table = page.getByTestId("chart-table")
    await table.getByRole("rowheader").first().waitFor()
    await page.getByRole("button", { name: "Freeze" }).click()
    const before = await textOf(table)
    await visit.system.buy("while-frozen", tokenOf("ann"), "k1")
    // The log continues; the charts do not.
    await logged(page, "1 unit sold")
    expect(await textOf(table)).toBe(before)
    await page.getByRole("button", { name: "Freeze" }).click()
    await table
      .getByRole("cell", { name: /^0\.\d$/ })
      .first()
      .waitFor()
  })

  browserTest("can be shown as tables", async () => {
    await visit.system.createSale("tables")
    const page = await room("tables")
    const latency = page.locator(".tile.latency")
    await latency.getByRole("button", { name: "Table" }).click()
    await visit.system.buy("tables", tokenOf("bob"), "k1")
    await latency.getByRole("columnheader", { name: "p99" }).waitFor()
    await latency.getByRole("cell", { name: /\d ms/ }).first().waitFor()
    await latency.getByRole("button", { name: "Table" }).click()
    await latency.getByRole("img", { name: /Latency in the last ten minutes; now p50/ }).waitFor()
  })
})

describe("the tooltip of a number", () => {
  browserTest("shows its meaning and its Prometheus query, on hover and on focus", async () => {
    await visit.system.createSale("asked")
    const page = await room("asked")
    const tip = page.getByRole("tooltip")
    await page.getByTestId("item-asked").getByRole("button", { name: "free" }).hover()
    expect(await textOf(tip)).toBe('Units that anyone can buy now.flash_sale_units{sale="asked",state="free"}')
    await page.mouse.move(0, 0)
    await tip.waitFor({ state: "hidden" })
    await page.getByTestId("node-1").getByRole("button", { name: /p99/ }).focus()
    expect(await textOf(tip)).toContain('flash_sale_purchase_duration_seconds_bucket{node="node-1"}')
    await page.keyboard.press("Escape")
    await tip.waitFor({ state: "hidden" })
  })

  browserTest("names only series that this system has", async () => {
    await visit.system.createSale("series")
    await visit.system.buy("series", tokenOf("eve"), "k1")
    const page = await room("series")
    const served = await (await visit.system.request("/metrics")).text()
    const tip = page.getByRole("tooltip")
    const numbers = page.locator(".with-tooltip")
    await page.getByTestId("node-3").waitFor()
    const asked = new Set<string>()
    for (let at = 0; at < (await numbers.count()); at++) {
      await numbers.nth(at).focus()
      for (const [name] of (await textOf(tip.locator("code"))).matchAll(/\b(flash_sale|process)_\w+/g)) asked.add(name)
    }
    expect(asked.size).toBeGreaterThan(8)
    for (const name of asked) expect(served).toContain(name)
  })
})

browserTest("markup in the name of a sale is shown as text", async () => {
  const name = `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">`
  await visit.system.createSale("marked", { name, description: name })
  const page = await room("marked")
  await page.getByRole("button", { name: "Close…" }).click()
  await page.getByRole("heading", { name: `Close ${name}?` }).waitFor()
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "Edit…" }).click()
  await page.getByRole("figure").getByText(name).first().waitFor()
  expect(await page.title()).toBe("Control room")
})
