import { describe, expect } from "bun:test"
import type { Page } from "playwright-core"
import { ADMIN_TOKEN } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"
import { browserTest, buyButton, textOf, visiting } from "./visit.ts"

const visit = visiting()

/** The control room, looking at this sale. */
async function room(saleId: string): Promise<Page> {
  const page = await visit.open(`/control#token=${ADMIN_TOKEN}`)
  await page.getByTestId("sale").selectOption(saleId)
  await page.getByTestId(`item-${saleId}`).waitFor()
  return page
}

const conservation = (page: Page) => page.getByTestId("conservation")
const log = (page: Page, text: string | RegExp) => page.getByTestId("log").getByText(text).first().waitFor()

describe("the control room", () => {
  browserTest("takes its token out of the address bar, and keeps it for the tab", async () => {
    const page = await visit.open(`/control#token=${ADMIN_TOKEN}`)
    await page.getByTestId("node-1").waitFor()
    expect(page.url()).toBe(`${visit.system.url}/control`)
    await page.reload()
    await page.getByTestId("node-1").waitFor()
  })

  browserTest("asks for the token, and refuses a wrong one", async () => {
    const page = await visit.open("/control")
    await page.getByLabel("Administrator’s token").fill("not the token at all")
    await page.getByRole("button", { name: "Open" }).click()
    await page.getByText("That token was not accepted.").waitFor()
    await page.getByLabel("Administrator’s token").fill(ADMIN_TOKEN)
    await page.getByRole("button", { name: "Open" }).click()
    await page.getByTestId("node-1").waitFor()
  })

  browserTest("shows stock, orders and the journal as they change", async () => {
    await visit.system.createSale("watched", { total: 2 })
    const page = await room("watched")
    await conservation(page).getByText("2 = 2 free + 0 held + 0 sold").waitFor()
    await visit.system.buy("watched", tokenOf("ann"), "k1")
    await conservation(page).getByText("2 = 1 free + 0 held + 1 sold").waitFor()
    await page.getByRole("cell", { name: "ann" }).waitFor()
    await visit.system.buy("watched", tokenOf("bob"), "k2")
    await log(page, /watched sold out: 2 units, .* after opening/)
    await page.getByRole("img", { name: /Requests per second in the last ten minutes/ }).waitFor()
    await page.getByRole("button", { name: "Run audit" }).click()
    expect(await textOf(page.getByTestId("verdict"))).toContain("Every promise is kept.")
  })

  browserTest("pauses and resumes, and buyers see it at once", async () => {
    await visit.system.createSale("steered")
    const page = await room("steered")
    const buyer = await visit.open("/sales/steered")
    await buyButton(buyer).waitFor()
    await page.getByRole("button", { name: "Pause" }).click()
    await buyer.getByText("A short pause.").waitFor()
    await log(page, "The sale was paused")
    await page.getByRole("button", { name: "Resume" }).click()
    await buyButton(buyer).waitFor()
    await log(page, "The sale goes on")
  })

  browserTest("restocks, and closes only for whoever types so", async () => {
    await visit.system.createSale("ended", { total: 1 })
    const page = await room("ended")
    await page.getByRole("button", { name: "Restock…" }).click()
    await page.getByLabel("Units to add").fill("4")
    await page.getByRole("button", { name: "Add", exact: true }).click()
    await conservation(page).getByText("5 = 5 free").waitFor()
    await page.getByRole("button", { name: "Close…" }).click()
    const yes = page.getByRole("button", { name: "Close the sale" })
    expect(await yes.isDisabled()).toBe(true)
    await page.getByLabel("Type close to close it").fill("close")
    await yes.click()
    await log(page, "The sale was closed")
    const buyer = await visit.open("/sales/ended")
    await buyer.getByText("This sale has ended.").waitFor()
  })

  browserTest("kills a node after asking, and sees it come back", async () => {
    const page = await visit.open(`/control#token=${ADMIN_TOKEN}`)
    await page.getByRole("button", { name: "Kill node-2" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Kill node-2" }).click()
    await log(page, "node-2 went down: killed by SIGKILL")
    await log(page, "node-2 is ready again (restart 1)")
    await page.getByTestId("node-2").getByText("ready").waitFor()
  })
})
