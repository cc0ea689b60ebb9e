import { expect } from "bun:test"
import type { Sale } from "../../../src/wire/wire.ts"
import { CONTROL } from "../../support/browser/room.ts"
import { textOf, visiting } from "../../support/browser/visit.ts"
import { needs } from "../../support/needs.ts"
import { BROWSER, NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { NativeStack } from "../../support/stack.ts"
import { tokenOf } from "../../support/token.ts"

const suite = needs(REDIS, POSTGRES, NGINX, BROWSER)

/** The control room as operators use it: behind nginx, at the operators' port. */
const visit = visiting(() => NativeStack.start({ nginx: true }), suite)

suite.test(
  "the control room works on the stack: whichever replica answers, and nothing is killed from there",
  async () => {
    const { system } = visit
    await system.createSale("stacked", { total: 3 })
    const page = await visit.open(CONTROL)
    for (const node of ["node-1", "node-2", "node-3"])
      await page
        .getByTestId(node)
        .getByText(/^ready/)
        .waitFor()
    expect(await page.getByRole("button", { name: /^(Kill|Drain)/ }).count()).toBe(0)
    await page.getByText("Gate open").waitFor()
    await page.getByText("Ledger up to date").waitFor()

    await page.getByTestId("sale").selectOption("stacked")
    for (const buyer of ["ann", "bob"]) expect((await system.buy("stacked", tokenOf(buyer), "k1")).status).toBe(201)
    await page.getByTestId("conservation").getByText("3 = 1 free + 0 held + 2 sold").waitFor()
    await page.getByRole("cell", { name: "bob" }).waitFor()
    await page.getByRole("button", { name: "Run audit" }).click()
    await page.getByTestId("audit-result").waitFor({ timeout: 20_000 })
    expect(await textOf(page.getByTestId("audit-result"))).toBe("Every promise is kept.")

    // Every replica accepts the cookie of any other, and the origin behind nginx.
    await page.getByRole("button", { name: "Pause" }).click()
    await page.getByTestId("done").getByText("stacked is paused.").waitFor()
    await page.getByRole("button", { name: "Undo" }).click()
    await page.getByRole("button", { name: "Pause" }).waitFor()
    await page.getByRole("button", { name: "Administrators" }).click()
    await page.getByTestId("actions").getByText("Paused: stacked").waitFor()

    await page.getByRole("button", { name: "Rehearse…" }).click()
    await page.getByLabel("Units on sale").fill("10")
    await page.getByLabel("Bots").fill("30")
    await page.getByRole("button", { name: "Start", exact: true }).click()
    const done = page
      .getByTestId("rehearsal")
      .getByText("10 of 30 bots bought, none of them twice, and every promise is kept.")
    await done.waitFor({ timeout: 30_000 })
    const practice = await page.getByTestId("sale").inputValue()
    const sale = (await (await system.request(`/api/v1/sales/${practice}`)).json()) as Sale
    expect(sale.items[0]).toMatchObject({ total: 10, sold: 10 })
  },
  90_000,
)
