import { expect } from "bun:test"
import { browserTest, inBrowser, textOf, visiting } from "../../support/browser/visit.ts"
import { System } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

const visit = visiting(() => System.start({ env: { REPLICAS: "1", STREAMS_MAX: "1" } }), inBrowser)

browserTest("given as many viewers as may be, a page without a stream follows the sale by reading it", async () => {
  await visit.system.createSale("hall", { total: 3 })
  const pages = [await visit.open("/sales/hall"), await visit.open("/sales/hall")]
  for (const page of pages) expect(await textOf(page.getByText("3 left").first())).toContain("3 left")
  await visit.system.buy("hall", tokenOf("ann"), "k")
  for (const page of pages) await page.getByText("2 left").first().waitFor()
  await visit.system.buy("hall", tokenOf("bob"), "k")
  for (const page of pages) await page.getByText("1 left").first().waitFor()
})
