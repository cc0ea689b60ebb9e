import { describe, expect } from "bun:test"
import type { Page, Route } from "playwright-core"
import type { Order } from "../../../src/wire/wire.ts"
import { browserTest, buyButton, orderId, showsFree, soldOf, textOf, visiting } from "../../support/browser/visit.ts"

const visit = visiting()

const ORDERS = "**/api/v1/sales/*/orders"
const keyOf = (route: Route) => route.request().headers()["idempotency-key"]!

/** Refuses the first `times` attempts and lets later ones through once `then` resolves. Collects their keys. */
async function refuse(page: Page, times: number, status: number, code: string, then: Promise<void>): Promise<string[]> {
  const keys: string[] = []
  await page.route(ORDERS, async route => {
    keys.push(keyOf(route))
    if (keys.length > times) {
      await then
      return route.continue()
    }
    const problem = { type: "about:blank", title: code, status, detail: code, code }
    const headers = { "content-type": "application/problem+json" }
    await route.fulfill({ status, headers, body: JSON.stringify(problem) })
  })
  return keys
}

describe("when an answer gets lost", () => {
  browserTest("the page tries again with the same key and shows the one order", async () => {
    await visit.system.createSale("lost-once")
    const page = await visit.open("/sales/lost-once")
    const made: Order[] = []
    const keys: string[] = []
    await page.route(ORDERS, async route => {
      keys.push(keyOf(route))
      const response = await route.fetch()
      made.push((await response.json()) as Order)
      if (keys.length === 1) await route.abort("connectionreset")
      else await route.fulfill({ response })
    })
    await buyButton(page).click()
    expect(await orderId(page)).toBe(made[0]!.id)
    expect(keys).toEqual([keys[0]!, keys[0]!])
    expect(await textOf(page.getByTestId("console"))).toContain("confirmed (again)")
    expect(await soldOf(visit.system, "lost-once")).toBe(1)
  })

  browserTest("a reload shows the same order", async () => {
    await visit.system.createSale("lost-reload")
    const page = await visit.open("/sales/lost-reload")
    const made = Promise.withResolvers<Order>()
    await page.route(ORDERS, async route => {
      made.resolve((await (await route.fetch()).json()) as Order)
      await route.abort("connectionreset")
    })
    await buyButton(page).click()
    await page.getByText("We are checking your order. You will not be charged twice.").first().waitFor()
    await page.unroute(ORDERS)
    await page.reload()
    expect(await orderId(page)).toBe((await made.promise).id)
    expect(await soldOf(visit.system, "lost-reload")).toBe(1)
  })

  browserTest("a slow answer is announced after a moment, and a second press does nothing", async () => {
    await visit.system.createSale("slow")
    const page = await visit.open("/sales/slow")
    const told = Promise.withResolvers<void>()
    let attempts = 0
    await page.route(ORDERS, async route => {
      attempts++
      await told.promise
      await route.continue()
    })
    await buyButton(page).click()
    await page.getByText("Still with you. You will not be charged twice.").first().waitFor()
    await buyButton(page).click({ force: true })
    told.resolve()
    await orderId(page)
    expect(attempts).toBe(1)
  })

  for (const [code, says] of [
    ["overloaded", "It is very busy right now."],
    ["reconciling", "The shop is checking its stock."],
    ["outcome_unknown", "We are checking your order."],
  ] as const) {
    browserTest(`${code} is tried again with the same key`, async () => {
      await visit.system.createSale(`again-${code}`)
      const page = await visit.open(`/sales/again-${code}`)
      const read = Promise.withResolvers<void>()
      const keys = await refuse(page, 2, 503, code, read.promise)
      await buyButton(page).click()
      await page.getByText(says, { exact: false }).first().waitFor()
      read.resolve()
      await orderId(page)
      expect(new Set(keys).size).toBe(1)
      expect(keys).toHaveLength(3)
    })
  }

  browserTest("an offline page waits, and continues when it is online again", async () => {
    await visit.system.createSale("offline")
    const page = await visit.open("/sales/offline")
    await buyButton(page).waitFor()
    await page.context().setOffline(true)
    await buyButton(page).click()
    await page.getByText("You are offline. We will continue where you left off.").first().waitFor()
    await page.context().setOffline(false)
    await orderId(page)
    expect(await soldOf(visit.system, "offline")).toBe(1)
  })

  browserTest("a buyer who has reached the limit sees the earlier order", async () => {
    await visit.system.createSale("limit")
    const page = await visit.open("/sales/limit")
    await buyButton(page).click()
    const id = await orderId(page)
    await page.evaluate(() => localStorage.removeItem("doorbuster:purchase:limit"))
    await page.reload()
    await page.route(ORDERS, async route => {
      const response = await route.fetch()
      const problem = { ...((await response.json()) as object), orderId: id }
      await route.fulfill({ response, body: JSON.stringify(problem) })
    })
    await buyButton(page).click()
    await page.getByTestId("action").getByText("You already have yours.").waitFor()
    expect(await orderId(page)).toBe(id)
  })

  browserTest("a page asks again for a hold that the store ends later than the page's clock", async () => {
    await visit.system.createSale("over", { checkout: "hold", holdSeconds: 5 })
    const page = await visit.open("/sales/over")
    let asked = 0
    await page.route("**/api/v1/orders/*", async route => {
      const response = await route.fetch()
      // The first response still says held.
      const order = { ...((await response.json()) as Order), state: "held" }
      await route.fulfill(asked++ === 0 ? { response, json: order } : { response })
    })
    await buyButton(page).click()
    await page.getByText("Your time ran out, so the unit is back on sale.").first().waitFor({ timeout: 15_000 })
    expect(asked).toBeGreaterThan(1)
  })

  browserTest("a buyer can buy while a node is killed", async () => {
    await visit.system.createSale("kill")
    const page = await visit.open("/sales/kill")
    const response = page.waitForResponse(answer => answer.url().includes("/live"))
    await page.reload()
    // The node that gets the request may be the one that dies, before it can answer.
    const node = (await response).headers()["x-served-by"]!
    await visit.system.admin("POST", `/nodes/${node}/kill`).catch(error => expect(error.code).toBe("ECONNRESET"))
    await buyButton(page).click()
    await orderId(page)
    // Another node sends the stock now.
    await page.locator('.tag[data-connected="true"]').waitFor()
    await showsFree(page, 99)
  })
})
