import { describe, expect } from "bun:test"
import { browserTest, buyButton, orderId, textOf, visiting } from "../../support/browser/visit.ts"

const visit = visiting()
const EVIL = `<script>document.title="owned"</script><img src=x onerror='document.title="owned"'>"'&amp;`

describe("the safety of the launch page", () => {
  browserTest("markup in the texts of a sale is shown as text on every page", async () => {
    await visit.system.createSale("evil", {
      name: EVIL,
      description: EVIL,
      items: [
        { sku: "evil", name: EVIL, price: { amount: 100, currency: "USD" }, total: 3 },
        { sku: "evil-2", name: `${EVIL} again`, price: { amount: 100, currency: "USD" }, total: 3 },
      ],
    })
    const page = await visit.open("/sales/evil")
    expect(await textOf(page.getByRole("heading", { level: 1 }))).toBe(EVIL)
    await page.waitForFunction(name => document.title === name, EVIL)
    await page.getByLabel(`${EVIL} again`, { exact: true }).waitFor({ state: "attached" })
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await buyButton(page).click()
    await orderId(page)
    await page.getByRole("link", { name: "Receipt" }).click()
    await page.getByText(EVIL, { exact: false }).first().waitFor()
    for (const path of ["/sales/evil?plain", "/sales/evil/proof"]) {
      await page.goto(visit.system.url + path)
      await page.getByText(EVIL, { exact: false }).first().waitFor()
      expect(await page.title()).toContain(EVIL)
      expect(await page.locator("main img, main script").count()).toBe(0)
    }
    // Other sales list it too.
    await page.goto(`${visit.system.url}/sales/iphone-17-pro-max`)
    expect(await textOf(page.locator(".others"))).toContain(EVIL)
  })

  browserTest("no page has inline scripts or styles, or asks another origin for anything", async () => {
    await visit.system.createSale("strict")
    const page = await visit.open("/docs")
    const outside: string[] = []
    const complaints: string[] = []
    page.on("request", request => {
      if (!request.url().startsWith(`${visit.system.url}/`)) outside.push(request.url())
    })
    page.on("console", message => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text())
    })
    page.on("pageerror", error => complaints.push(error.message))
    const go = async (path: string) => {
      const response = await page.goto(visit.system.url + path)
      const policy = (await response!.allHeaders())["content-security-policy"] ?? ""
      expect(policy).toContain("default-src 'self'")
      expect(policy).not.toContain("unsafe")
    }
    await go("/sales/strict?lang=id")
    await buyButton(page).click()
    const id = await orderId(page)
    for (const path of [`/orders/${id}`, "/sales/strict/proof", "/sales/strict?plain", "/"]) await go(path)
    await buyButton(page).waitFor()
    const inline = await page.evaluate(() => document.querySelectorAll("style, script:not([src])").length)
    expect(inline).toBe(0)
    expect(outside).toEqual([])
    expect(complaints).toEqual([])
  })

  browserTest("the pages also work from right to left", async () => {
    for (const path of ["/sales/iphone-17-pro-max", "/?plain", "/sales/iphone-17-pro-max/proof"]) {
      const page = await visit.open(path, { viewport: { width: 360, height: 740 } })
      await page.getByRole("heading", { level: 1 }).waitFor()
      await page.evaluate(() => {
        document.documentElement.dir = "rtl"
      })
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      if (path === "/sales/iphone-17-pro-max") {
        const [tag, mark] = await Promise.all([".tag", ".mark"].map(place => page.locator(place).boundingBox()))
        expect(tag!.x).toBeLessThan(mark!.x)
      }
    }
  })
})
