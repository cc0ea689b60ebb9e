import { describe, expect } from "bun:test"
import type { Page } from "playwright-core"
import { browserTest, soldOf, textOf, visiting } from "../../support/browser/visit.ts"
import { violations } from "./axe.ts"

const visit = visiting()
const NO_SCRIPT = { javaScriptEnabled: false }
const PHONE = { viewport: { width: 360, height: 740 } }

const heading = (page: Page) => textOf(page.getByRole("heading", { level: 1 }))
const send = (page: Page) => page.locator("form button").first().click()

/** Returns a function that sends the form on the page, with any origin. */
async function poster(page: Page, sku: string): Promise<(origin?: string) => Promise<Response>> {
  const [cookie] = await page.context().cookies()
  const key = (await page.locator("input[name=key]").getAttribute("value"))!
  return origin =>
    fetch(`${visit.system.url}/sales/${sku}/buy`, {
      method: "POST",
      body: new URLSearchParams({ key, sku }),
      redirect: "manual",
      headers: { cookie: `session=${cookie!.value}`, ...(origin && { origin }) },
    })
}

describe("without JavaScript", () => {
  browserTest("the sale's page leads to a form, which buys once and shows the order", async () => {
    await visit.system.createSale("plain")
    const page = await visit.open("/sales/plain", NO_SCRIPT)
    await page.getByRole("button", { name: /^Buy now · Rp\s1\.000$/ }).waitFor()
    expect(page.url()).toEndWith("/sales/plain?plain")
    const form = page.url()
    await send(page)
    await page.getByText("It’s yours.").waitFor()
    const order = page.url().split("/").at(-1)!
    expect(await visit.system.order(order)).toMatchObject({ saleId: "plain", state: "confirmed" })
    await page.reload()
    expect(await soldOf(visit.system, "plain")).toBe(1)
    // A new form has a new key. The limit applies and leads to the existing order.
    await page.goto(form)
    await send(page)
    await page.getByText("It’s yours.").waitFor()
    expect(page.url()).toEndWith(order)
    expect(await soldOf(visit.system, "plain")).toBe(1)
  })

  browserTest("the same form sent twice is one order", async () => {
    await visit.system.createSale("plain-twice", { limitPerCustomer: 5 })
    const page = await visit.open("/sales/plain-twice?plain", NO_SCRIPT)
    const post = await poster(page, "plain-twice")
    const [first, again] = [await post(visit.system.url), await post(visit.system.url)]
    expect(first.headers.get("location")).toMatch(/^\/orders\/[A-Z][0-9]+-[0-9A-Z]{4}$/)
    expect(again.headers.get("location")).toBe(first.headers.get("location"))
    expect(await soldOf(visit.system, "plain-twice")).toBe(1)
  })

  browserTest("all pages stay in the language that was asked for", async () => {
    await visit.system.createSale("plain-id", { checkout: "hold", holdSeconds: 60 })
    const page = await visit.open("/sales/plain-id?lang=id", NO_SCRIPT)
    await page.getByRole("button", { name: /^Beli sekarang/ }).click()
    await page.getByText("Disimpan untukmu.").waitFor()
    await page.getByRole("button", { name: "Konfirmasi" }).click()
    await page.getByText("Ini milikmu.").waitFor()
    expect(await page.locator("html").getAttribute("lang")).toBe("id")
    expect(await soldOf(visit.system, "plain-id")).toBe(1)
  })

  browserTest("a held unit is given back", async () => {
    await visit.system.createSale("plain-held", { checkout: "hold", holdSeconds: 60 })
    const page = await visit.open("/sales/plain-held?plain", NO_SCRIPT)
    await send(page)
    await page.getByRole("button", { name: "Give it back" }).click()
    await page.getByText("Given back.").waitFor()
    expect(await soldOf(visit.system, "plain-held")).toBe(0)
  })

  browserTest("the page waits for the opening, and opens by itself", async () => {
    await visit.system.createSale("plain-soon", { opensAt: new Date(Date.now() + 2500).toISOString() })
    const page = await visit.open("/sales/plain-soon?plain", NO_SCRIPT)
    await page.getByText("This page opens by itself.").waitFor()
    await page.getByRole("button", { name: /^Buy now/ }).waitFor()
  })

  browserTest("a sold-out sale says so, and anyone can read its proof", async () => {
    await visit.system.createSale("plain-last", { total: 1 })
    const page = await visit.open("/sales/plain-last?plain", NO_SCRIPT)
    const late = await visit.open("/sales/plain-last?plain", NO_SCRIPT)
    await late.goto(`${visit.system.url}/sales/plain-last/proof`)
    await late.getByText("The books are still open.", { exact: false }).waitFor()
    await late.goBack()
    await send(page)
    await page.getByText("It’s yours.").waitFor()
    await send(late)
    await late.getByRole("status").getByText("Sold out.").waitFor()
    await late.getByRole("link", { name: "See the proof" }).click()
    await late.getByText("Every promise is kept.").waitFor()
    expect(await textOf(late.locator(".card"))).toContain("1 of 1 units sold, each exactly once.")
    expect(await late.locator("li b.yes").count()).toBe(await late.locator("li").count())
    expect(await textOf(late.locator("body"))).not.toContain("c_")
  })

  browserTest("only its buyer can read an order", async () => {
    await visit.system.createSale("plain-mine")
    const page = await visit.open("/sales/plain-mine?plain", NO_SCRIPT)
    await send(page)
    const stranger = await visit.open(new URL(page.url()).pathname, NO_SCRIPT)
    expect(await heading(stranger)).toBe("There is no such order, or it is not yours.")
  })

  browserTest("a form on another site buys nothing", async () => {
    await visit.system.createSale("plain-foreign")
    const page = await visit.open("/sales/plain-foreign?plain", NO_SCRIPT)
    const post = await poster(page, "plain-foreign")
    for (const origin of ["https://evil.example", "null", undefined]) expect((await post(origin)).status).toBe(401)
    expect(await soldOf(visit.system, "plain-foreign")).toBe(0)
    expect((await post(visit.system.url)).status).toBe(303)
    expect(await soldOf(visit.system, "plain-foreign")).toBe(1)
  })

  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(`axe-core finds nothing on these pages, ${colorScheme}`, async () => {
      const id = `plain-axe-${colorScheme}`
      await visit.system.createSale(id, { total: 1, name: "<script>alert(1)</script>" })
      const page = await visit.open(`/sales/${id}?plain`, { ...PHONE, colorScheme })
      expect(await heading(page)).toBe("<script>alert(1)</script>")
      expect(await violations(page)).toEqual([])
      await send(page)
      await page.getByRole("button", { name: "Print" }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.goto(`${visit.system.url}/sales/${id}/proof`)
      await page.getByText("Every promise is kept.").waitFor()
      expect(await violations(page)).toEqual([])
    })
  }
})
