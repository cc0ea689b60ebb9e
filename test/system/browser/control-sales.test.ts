import { describe, expect } from "bun:test"
import { readFileSync } from "node:fs"
import type { Page } from "playwright-core"
import type { Order, Sale } from "../../../src/wire/wire.ts"
import { CONTROL, conservation, logged, roomOf } from "../../support/browser/room.ts"
import { browserTest, buyButton, textOf, visiting } from "../../support/browser/visit.ts"
import { eventually } from "../../support/eventually.ts"
import { tokenOf } from "../../support/token.ts"

const visit = visiting()
const room = roomOf(visit)

/** Waits until the sale is as expected. Replicas hear of a change a moment after it was answered. */
const untilSale = (id: string, is: (sale: Sale) => boolean) =>
  eventually(`${id} is as expected`, async () => is(await saleOf(id)))

const saleOf = async (id: string) => (await (await visit.system.request(`/api/v1/sales/${id}`)).json()) as Sale
const submit = (page: Page, name: string) => page.getByRole("dialog").getByRole("button", { name }).click()

describe("a sale", () => {
  browserTest("is created in a form that shows errors and a preview", async () => {
    const page = await visit.open(CONTROL)
    await page.getByRole("button", { name: "New sale…" }).click()
    await submit(page, "Create the sale")
    await page.getByText("Some fields need to be corrected.").waitFor()
    expect(await page.getByRole("dialog").getByText("This is required.").count()).toBe(4)
    await page.getByLabel("Name", { exact: true }).fill("Fold <b>9</b>")
    expect(await page.getByLabel("Id", { exact: true }).inputValue()).toBe("fold-b-9-b")
    await page.getByLabel("Opens").fill("2026-01-01T00:00")
    await page.getByLabel("Item name").fill("Blue")
    await page.getByLabel("Price", { exact: true }).fill("19999.50")
    await page.getByLabel("List price").fill("39999")
    await page.getByLabel("Units", { exact: true }).fill("7")
    const preview = page.getByRole("figure", { name: "Preview of the buyers’ page" })
    expect(await textOf(preview)).toMatch(/Fold <b>9<\/b>.*Rp\s19\.999,50.*Rp\s39\.999.*−50 %.*Buy now.*7 units/)
    await submit(page, "Create the sale")
    await page.getByTestId("done").getByText("Fold <b>9</b> was created.").waitFor()
    await conservation(page).getByText("7 = 7 free").waitFor()
    const price = { amount: 1_999_950, currency: "IDR" }
    const listPrice = { amount: 3_999_900, currency: "IDR" }
    const shown = await saleOf("fold-b-9-b")
    expect(shown).toMatchObject({ state: "open", items: [{ sku: "blue", name: "Blue", total: 7, price, listPrice }] })
  })

  browserTest("shows a refusal by the server at the field that it is about", async () => {
    await visit.system.createSale("taken")
    const page = await visit.open(CONTROL)
    await page.getByRole("button", { name: "New sale…" }).click()
    await page.getByLabel("Name", { exact: true }).fill("Taken")
    await page.getByLabel("Item name").fill("A")
    await page.getByLabel("Price", { exact: true }).fill("1")
    await submit(page, "Create the sale")
    await page.getByRole("alert").getByText("There is a sale with this id already.").waitFor()
  })

  browserTest("is edited, and an undo restores its old terms", async () => {
    await visit.system.createSale("edited", { description: "Old words" })
    const page = await room("edited")
    await page.getByRole("button", { name: "Edit…" }).click()
    await page.getByLabel("Description").fill("New words")
    await page.getByLabel("Units per customer").fill("3")
    await submit(page, "Save")
    await page.getByTestId("done").getByText("The terms of edited were changed.").waitFor()
    await untilSale("edited", sale => sale.description === "New words" && sale.limitPerCustomer === 3)
    await page.getByRole("button", { name: "Undo" }).click()
    await page.getByText("limit 1 each").waitFor()
    await logged(page, "The sale’s terms were changed")
    await untilSale("edited", sale => sale.description === "Old words" && sale.limitPerCustomer === 1)
  })

  browserTest("is opened before its opening time, and an undo schedules it again", async () => {
    const opensAt = new Date(Date.now() + 3_600_000).toISOString()
    await visit.system.createSale("early", { opensAt })
    const page = await room("early")
    const buyer = await visit.open("/sales/early")
    await page.getByRole("button", { name: "Open now" }).click()
    await buyButton(buyer).waitFor()
    await page.getByRole("button", { name: "Undo" }).click()
    await page.getByRole("button", { name: "Open now" }).waitFor()
    await untilSale("early", sale => sale.opensAt === opensAt)
  })
})

describe("orders", () => {
  browserTest("can be cancelled while they are held, but not once they are confirmed", async () => {
    await visit.system.createSale("holds", { total: 5, checkout: "hold", holdSeconds: 600 })
    const order = (await (await visit.system.buy("holds", tokenOf("ann"), "k1")).json()) as Order
    const page = await room("holds")
    await page.getByRole("button", { name: `held… ${order.id}` }).click()
    await page.getByRole("heading", { name: `Cancel order ${order.id}, ann?` }).waitFor()
    await submit(page, "Cancel the order")
    await conservation(page).getByText("5 = 5 free").waitFor()
    expect(await visit.system.order(order.id)).toMatchObject({ state: "released", releaseReason: "cancelled" })

    const kept = (await (await visit.system.buy("holds", tokenOf("bob"), "k2")).json()) as Order
    await visit.system.request(`/api/v1/orders/${kept.id}/confirm`, { method: "POST", token: tokenOf("bob") })
    await page.getByRole("button", { name: "Cancel…" }).click()
    await page.getByLabel("Order", { exact: true }).fill(kept.id.toLowerCase())
    await submit(page, "Cancel the order")
    await page.getByRole("alert").getByText("The order is confirmed already.").waitFor()
  })

  browserTest("can be downloaded as CSV", async () => {
    await visit.system.createSale("csv")
    await visit.system.buy("csv", tokenOf("ann"), "k1")
    const page = await room("csv")
    const downloading = page.waitForEvent("download")
    await page.getByRole("link", { name: "CSV" }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe("csv-orders.csv")
    expect(readFileSync(await download.path(), "utf8")).toMatch(
      /^id,sku,.*\r\n[A-Z]+3-\w{4},csv,1,100000,IDR,confirmed,,ann,/,
    )
  })
})

browserTest("a rehearsal buys from this system only, ends with an audit, and leaves a closed sale", async () => {
  const page = await visit.open(CONTROL)
  const origins = new Set<string>()
  page.on("request", request => origins.add(new URL(request.url()).origin))
  await page.getByRole("button", { name: "Rehearse…" }).click()
  await page.getByLabel("Units on sale").fill("20")
  await page.getByLabel("Bots").fill("60")
  await page.getByRole("button", { name: "Start", exact: true }).click()
  const strip = page.getByTestId("rehearsal")
  await strip
    .getByText("20 of 60 bots bought, none of them twice, and every promise is kept.")
    .waitFor({ timeout: 30_000 })
  await page.getByText(/20 sold · 40 refused · p99 .* · node-1 \d+ · node-2 \d+ · node-3 \d+/).waitFor()
  expect([...origins]).toEqual([visit.system.url])
  const practice = await page.getByTestId("sale").inputValue()
  expect(practice).toStartWith("practice-")
  await untilSale(practice, ({ state, items: [item] }) => state === "closed" && item?.sold === 20 && item.free === 0)
})
