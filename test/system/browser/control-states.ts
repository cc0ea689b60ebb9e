import type { Page } from "playwright-core"
import { roomOf } from "../../support/browser/room.ts"
import type { Visit } from "../../support/browser/visit.ts"
import { tokenOf } from "../../support/token.ts"

/** A state of the control room: how to get there from the open room, and how to leave it again. */
export interface State {
  name: string
  reach(page: Page): Promise<unknown>
  leave?(page: Page): Promise<unknown>
}

const closeDialog = (page: Page) => page.keyboard.press("Escape")
const press = (name: string) => (page: Page) => page.getByRole("button", { name, exact: true }).first().click()
const choose = (saleId: string) => async (page: Page) => {
  await page.getByTestId("sale").selectOption(saleId)
  await page.getByTestId(`item-${saleId}`).first().waitFor()
}

/** The control room of a system with sales in every state. */
export async function openedRoom(visit: Visit): Promise<Page> {
  const { system } = visit
  await system.createSale("quiet", { name: "A quiet sale" })
  await system.createSale("resting")
  await system.admin("POST", "/sales/resting/pause")
  await system.createSale("tomorrow", { opensAt: new Date(Date.now() + 86_400_000).toISOString() })
  await system.createSale("gone", { total: 3 })
  for (const buyer of ["ann", "bob", "eve", "late"]) await system.buy("gone", tokenOf(buyer), "k1")
  await system.createSale("ended")
  await system.admin("POST", "/sales/ended/close")
  const price = { amount: 100_000, currency: "IDR" }
  const items = ["red", "green", "blue"].map(sku => ({ sku, name: `Sneaker, ${sku}`, price, total: 40 }))
  await system.createSale("many", { items, checkout: "hold", holdSeconds: 3600 })
  for (const buyer of ["ann", "bob", "eve"]) await system.buy("many", tokenOf(buyer), "k1", { sku: "red" })
  return roomOf(visit)("quiet")
}

export const STATES: State[] = [
  { name: "quiet", reach: choose("quiet") },
  { name: "paused", reach: choose("resting") },
  { name: "scheduled", reach: choose("tomorrow") },
  { name: "closed", reach: choose("ended") },
  {
    name: "several-items-held",
    async reach(page) {
      await page.getByTestId("sale").selectOption("many")
      await page.getByTestId("item-blue").waitFor()
      await page
        .getByRole("button", { name: /^held… G/ })
        .first()
        .waitFor()
    },
  },
  {
    name: "sold-out-and-audited",
    async reach(page) {
      await choose("gone")(page)
      await press("Run audit")(page)
      await page.getByTestId("audit-result").waitFor({ timeout: 20_000 })
    },
  },
  { name: "by-administrators", reach: press("Administrators"), leave: press("Administrators") },
  {
    name: "tables",
    reach: page =>
      Promise.all(
        [1, 2].map(at =>
          page
            .getByRole("button", { name: "Table" })
            .nth(at - 1)
            .click(),
        ),
      ),
    leave: page =>
      Promise.all(
        [1, 2].map(at =>
          page
            .getByRole("button", { name: "Table" })
            .nth(at - 1)
            .click(),
        ),
      ),
  },
  {
    name: "tooltip",
    async reach(page) {
      await page.getByTestId("item-gone").getByRole("button", { name: "sold" }).focus()
      await page.getByRole("tooltip").waitFor()
    },
    leave: closeDialog,
  },
  {
    name: "new-sale-with-errors",
    async reach(page) {
      await press("New sale…")(page)
      await page.getByLabel("Name", { exact: true }).fill("Élan")
      await page.getByRole("dialog").getByRole("button", { name: "Create the sale" }).click()
      await page.getByText("Some fields need to be corrected.").waitFor()
    },
    leave: closeDialog,
  },
  { name: "rehearse", reach: press("Rehearse…"), leave: closeDialog },
  {
    name: "edit",
    async reach(page) {
      await page.getByTestId("sale").selectOption("many")
      await page.getByTestId("item-red").waitFor()
      await press("Edit…")(page)
    },
    leave: closeDialog,
  },
  { name: "close", reach: press("Close…"), leave: closeDialog },
  {
    name: "restock",
    reach: page =>
      page
        .getByRole("button", { name: /^Restock…/ })
        .first()
        .click(),
    leave: closeDialog,
  },
  {
    name: "cancel-one",
    reach: page =>
      page
        .getByRole("button", { name: /^held… G/ })
        .first()
        .click(),
    leave: closeDialog,
  },
  { name: "cancel-any", reach: press("Cancel…"), leave: closeDialog },
  { name: "kill", reach: press("Kill node-1"), leave: closeDialog },
  { name: "drain", reach: press("Drain node-1"), leave: closeDialog },
  {
    name: "undo",
    async reach(page) {
      await choose("quiet")(page)
      await press("Pause")(page)
      await page.getByRole("button", { name: "Undo" }).waitFor()
    },
    leave: press("Undo"),
  },
  {
    name: "rehearsed",
    async reach(page) {
      await press("Rehearse…")(page)
      await page.getByLabel("Units on sale").fill("5")
      await page.getByLabel("Bots").fill("12")
      await press("Start")(page)
      await page.getByTestId("rehearsal").getByText("5 of 12 bots bought").waitFor({ timeout: 30_000 })
    },
    leave: press("Dismiss"),
  },
  {
    name: "conservation-violated",
    async reach(page) {
      await page.route("**/api/v1/admin/metrics", async route => {
        const response = await route.fetch()
        const text = (await response.text()).replace(/(conservation_violations_total) 0$/m, "$1 2")
        await route.fulfill({ response, body: text.replace(/^(flash_sale_gate_open) 1$/m, "$1 0") })
      })
      await page.getByText("2 violations of conservation").waitFor()
      await page.getByText("Gate closed").waitFor()
    },
    leave: page => page.unrouteAll({ behavior: "wait" }),
  },
  {
    name: "clock-jumped",
    async reach(page) {
      await page.route("**/api/v1/admin/metrics", async route => {
        const response = await route.fetch()
        const text = (await response.text()).replace(/^(flash_sale_clock_jump_seconds) 0$/m, "$1 -3600")
        await route.fulfill({ response, body: text.replace(/^(flash_sale_clock_in_doubt) 0$/m, "$1 1") })
      })
      await page.getByText("Clock −3,600.0 s: waiting").waitFor()
    },
    leave: page => page.unrouteAll({ behavior: "wait" }),
  },
  {
    name: "no-answer",
    async reach(page) {
      await page.route("**/api/v1/sales", route => route.abort())
      await page.getByText("No answer").first().waitFor()
    },
    leave: page => page.unrouteAll({ behavior: "wait" }),
  },
]
