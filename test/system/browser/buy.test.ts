import { describe, expect } from "bun:test"
import { browserTest, buyButton, orderId, showsFree, soldOf, textOf, visiting } from "../../support/browser/visit.ts"
import { DEMO_SALE } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

const visit = visiting()

describe("buying", () => {
  browserTest("one press makes one order, and the page shows its number and the node", async () => {
    const page = await visit.open("/")
    expect(await textOf(buyButton(page))).toMatch(/^Buy now · Rp\s25\.749\.000$/)
    expect(await page.title()).toBe("iPhone 17 Pro Max")
    await showsFree(page, 100)
    const answered = page.waitForResponse(response => response.url().endsWith("/orders"))
    await buyButton(page).click()
    const id = await orderId(page)
    expect(id).toMatch(/^A[0-9]+-[0-9A-Z]{4}$/)
    expect((await visit.system.order(id)).state).toBe("confirmed")
    await showsFree(page, 99)

    const headers = await (await answered).allHeaders()
    expect(headers.connection).toBe("close")
    const node = headers["x-served-by"]!
    expect(node).toMatch(/^node-[123]$/)
    expect(await textOf(page.getByTestId("order-node"))).toBe(node)
    expect(await textOf(page.getByTestId("console"))).toContain(node)
    expect(await textOf(page.getByTestId("outcome"))).toBe(`It’s yours. Order ${id}.`)
  })

  browserTest("the order is shown after a reload, and in another tab", async () => {
    const page = await visit.open("/")
    const other = await page.context().newPage()
    await other.goto(page.url())
    await buyButton(other).waitFor()
    await buyButton(page).click()
    const id = await orderId(page)
    expect(await orderId(other)).toBe(id)
    await page.reload()
    expect(await orderId(page)).toBe(id)
  })

  browserTest("every tab shows the stock as it changes", async () => {
    await visit.system.createSale("two-tabs", { total: 10 })
    const pages = [await visit.open("/sales/two-tabs"), await visit.open("/sales/two-tabs")]
    for (const page of pages) await showsFree(page, 10)
    await buyButton(pages[0]!).click()
    for (const page of pages) await showsFree(page, 9)
    await visit.system.buy("two-tabs", tokenOf("ann"), "k1")
    for (const page of pages) await showsFree(page, 8)
  })

  browserTest("the last unit goes to one buyer, and the other page says so without a reload", async () => {
    await visit.system.createSale("last-one", { total: 1 })
    const [winner, late] = [await visit.open("/sales/last-one"), await visit.open("/sales/last-one")]
    await buyButton(late).waitFor()
    await buyButton(winner).click()
    await orderId(winner)
    expect(await textOf(late.getByTestId("sale-status"))).toMatch(/^Sold out in [0-9.]+ seconds\.It found a home\./)
    const later = await visit.open("/sales/last-one")
    expect(await textOf(later.getByTestId("sale-status"))).toMatch(/^Sold out in [0-9.]+ seconds\./)
    expect(await soldOf(visit.system, "last-one")).toBe(1)
  })

  browserTest("a press that comes too late shows that the sale is sold out", async () => {
    await visit.system.createSale("too-late", { total: 1 })
    const page = await visit.open("/sales/too-late")
    await buyButton(page).waitFor()
    await page.route("**/orders", async route => {
      await visit.system.buy("too-late", tokenOf("ann"), "k1")
      await route.continue()
    })
    await buyButton(page).click()
    await page.getByTestId("sale-status").waitFor()
    expect(await textOf(page.getByTestId("outcome"))).toBe("Sold out.")
  })

  browserTest("a held unit is given back, and another is confirmed", async () => {
    await visit.system.createSale("held", { total: 5, checkout: "hold", holdSeconds: 60 })
    const page = await visit.open("/sales/held")
    await buyButton(page).click()
    await page.getByRole("button", { name: "Give it back" }).click()
    await showsFree(page, 5)
    await page.getByText("You gave it back.", { exact: false }).first().waitFor()
    await buyButton(page).click()
    await page.getByRole("button", { name: "Confirm" }).click()
    await page.getByText("It’s yours.").first().waitFor()
    expect((await visit.system.order(await orderId(page))).state).toBe("confirmed")
    expect(await soldOf(visit.system, "held")).toBe(1)
  })

  browserTest("the page opens by itself", async () => {
    await visit.system.createSale("soon", { opensAt: new Date(Date.now() + 3_600_000).toISOString() })
    const page = await visit.open("/sales/soon")
    await page.getByText("This page opens by itself.").waitFor()
    await visit.system.admin("PATCH", "/sales/soon", { opensAt: new Date(Date.now() + 5_000).toISOString() })
    await page
      .getByRole("timer")
      .getByText(/^Opens in [1-5]$/)
      .waitFor()
    await buyButton(page).click()
    await orderId(page)
  })

  browserTest("the page is in Indonesian for ?lang=id and for an Indonesian browser", async () => {
    const page = await visit.open(`/sales/${DEMO_SALE}?lang=id`)
    expect(await textOf(buyButton(page))).toStartWith("Beli sekarang")
    expect(await page.locator("html").getAttribute("lang")).toBe("id")
    await page.getByRole("link", { name: "English" }).click()
    expect(await textOf(buyButton(page))).toStartWith("Buy now")
    const theirs = await visit.open("/", { locale: "id-ID" })
    expect(await textOf(buyButton(theirs))).toStartWith("Beli sekarang")
  })

  browserTest("a session whose cookie is gone is replaced", async () => {
    const page = await visit.open("/")
    await buyButton(page).waitFor()
    await page.waitForFunction(() => localStorage.getItem("doorbuster:session") !== null)
    await page.context().clearCookies()
    await buyButton(page).click()
    await orderId(page)
  })
})
