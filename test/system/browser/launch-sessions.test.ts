import { describe, expect } from "bun:test"
import type { Page } from "playwright-core"
import { browserTest, buyButton, orderId, soldOf, textOf, visiting } from "../../support/browser/visit.ts"
import { rewritingProxy } from "../../support/rewriting-proxy.ts"
import { System } from "../../support/system.ts"

/**
 * The kind of fault held here: a page whose shop does not know it, for whatever reason. It may ask once more and must then say
 * why; it never asks for ever, and it never offers a purchase as if an earlier one had not been.
 */
const visit = visiting()
const ORDERS = "**/api/v1/sales/*/orders"
const SESSIONS = "**/api/v1/sessions"

/** Keeps cookies from the page, as a browser does whose owner blocks them. */
async function blockCookies(page: Page): Promise<void> {
  await page.route(SESSIONS, async route => {
    const response = await route.fetch()
    const { "set-cookie": _, ...headers } = response.headers()
    // The fetch keeps the cookies for its context.
    await page.context().clearCookies()
    await route.fulfill({ response, headers })
  })
  await page.context().clearCookies()
}

/** Counts the posts of a page by their last word. */
function postsOf(page: Page): Record<string, number> {
  const counts: Record<string, number> = { sessions: 0, orders: 0 }
  page.on("request", request => {
    const word = request.url().split("/").at(-1) ?? ""
    if (request.method() === "POST" && word in counts) counts[word] = (counts[word] ?? 0) + 1
  })
  return counts
}

const ready = (page: Page) => page.waitForFunction(() => localStorage.getItem("doorbuster:session") !== null)

describe("a lasting 401", () => {
  for (const [lang, cause, nothing] of [
    ["en", "Your browser keeps no cookie of this shop", "Nothing was bought."],
    ["id", "Peramban kamu tidak menyimpan cookie toko ini", "Tidak ada yang terbeli."],
  ] as const) {
    browserTest(`with cookies blocked is one renewal, then a sentence that says so (${lang})`, async () => {
      const sale = `blocked-${lang}`
      await visit.system.createSale(sale)
      const page = await visit.open(`/sales/${sale}?lang=${lang}`)
      await ready(page)
      await blockCookies(page)
      const posts = postsOf(page)
      await buyButton(page).click()
      const note = page.locator(".note", { hasText: cause })
      await note.waitFor()
      expect(await textOf(note)).toContain(nothing)
      expect(posts).toEqual({ sessions: 1, orders: 2 })
      // A press tries again, once.
      const again = page.waitForResponse(response => response.url().endsWith("/orders"))
      await buyButton(page).click()
      await again
      await note.waitFor()
      expect(await soldOf(visit.system, sale)).toBe(0)
      // Once cookies are allowed, the same button buys.
      await page.unroute(SESSIONS)
      await buyButton(page).click()
      await orderId(page)
      expect(await soldOf(visit.system, sale)).toBe(1)
    })
  }

  browserTest("behind a proxy that changes Host is a sentence that says so, unless the browser vouches", async () => {
    await visit.system.createSale("rewritten", { limitPerCustomer: 2 })
    const plain = rewritingProxy(visit.system.url, ["sec-fetch-site"])
    const vouched = rewritingProxy(visit.system.url)
    try {
      const page = await visit.open("/docs")
      await page.goto(`${plain.url}/sales/rewritten`)
      await buyButton(page).waitFor()
      const posts = postsOf(page)
      await buyButton(page).click()
      await page.getByText("A proxy hides the shop’s own address from it", { exact: false }).first().waitFor()
      expect(posts.orders).toBe(2)
      expect(posts.sessions).toBeLessThanOrEqual(2)
      const other = await visit.open("/docs")
      await other.goto(`${vouched.url}/sales/rewritten`)
      await buyButton(other).click()
      await orderId(other)
      expect(await soldOf(visit.system, "rewritten")).toBe(1)
    } finally {
      await plain.stop()
      await vouched.stop()
    }
  })

  browserTest("where only a shop's customers buy says that they sign in there", async () => {
    await using shop = await System.start({ env: { REPLICAS: "1", ANONYMOUS: "off" } })
    const page = await visit.open("/docs")
    await page.goto(`${shop.url}/`)
    await buyButton(page).click()
    await page.getByText("Sign in at the shop, then come back.", { exact: false }).first().waitFor()
  })

  browserTest("that began with a lost answer does not say that nothing was bought", async () => {
    await visit.system.createSale("unsure")
    const page = await visit.open("/sales/unsure")
    await ready(page)
    let asked = 0
    await page.route(ORDERS, route => {
      if (asked++ === 0) return route.abort("connectionreset")
      return route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"reason":"missing"}' })
    })
    await buyButton(page).click()
    const note = page.locator(".note", { hasText: "Your browser keeps no cookie" })
    expect(await textOf(note)).toContain("We do not know yet whether your order went through.")
  })
})

describe("a buyer who comes back", () => {
  browserTest("after the session has ended is the same customer and sees the same order", async () => {
    await visit.system.createSale("returning")
    const page = await visit.open("/sales/returning")
    await buyButton(page).click()
    const id = await orderId(page)
    // A day later: the session's cookie is gone and the renewal's is not.
    await page.context().clearCookies({ name: "session" })
    await page.evaluate(() => localStorage.removeItem("doorbuster:session"))
    await page.reload()
    expect(await orderId(page)).toBe(id)
    await page.evaluate(() => localStorage.removeItem("doorbuster:purchase:returning"))
    await page.reload()
    await buyButton(page).click()
    await page.getByText("You already have yours.").first().waitFor()
    expect(await soldOf(visit.system, "returning")).toBe(1)
  })

  browserTest("as a stranger still sees the order's number, and buys again only on purpose", async () => {
    await visit.system.createSale("forgotten")
    const page = await visit.open("/sales/forgotten")
    await buyButton(page).click()
    const id = await orderId(page)
    await page.context().clearCookies()
    await page.reload()
    await page.getByTestId("order-lost").waitFor()
    expect(await orderId(page)).toBe(id)
    expect(await buyButton(page).count()).toBe(0)
    await page.getByRole("button", { name: "Order one more" }).click()
    expect(await textOf(page.getByTestId("earlier-orders"))).toContain(id)
    await buyButton(page).click()
    await page.getByTestId("order").waitFor()
    expect(await orderId(page)).not.toBe(id)
    const kept = await page.evaluate(() => localStorage.getItem("doorbuster:purchase:forgotten"))
    expect(JSON.parse(kept ?? "{}").orders).toContain(id)
  })
})
