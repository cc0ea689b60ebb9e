import { describe, expect } from "bun:test"
import type { Page } from "playwright-core"
import { browserTest, buyButton, orderId, showsFree, soldOf, textOf, visiting } from "../../support/browser/visit.ts"
import { tokenOf } from "../../support/token.ts"
import { tabTo } from "./screens.ts"

const visit = visiting()

const finish = (page: Page, name: string) => page.locator(`.product[data-finish="${name}"]`).waitFor()
const MOVING = { reducedMotion: "no-preference" } as const
const HELD = { checkout: "hold", holdSeconds: 60 }

describe("the product", () => {
  browserTest("the arrow keys go through its finishes, and the first follows the last", async () => {
    const page = await visit.open("/")
    await finish(page, "orange")
    await tabTo(page, /^Cosmic Orange$/)
    for (const next of ["blue", "silver", "black", "orange"]) {
      await page.keyboard.press("ArrowRight")
      await finish(page, next)
    }
    await page.keyboard.press("ArrowLeft")
    await finish(page, "black")
  })

  browserTest("a mouse turns it to the next finish and back", async () => {
    const page = await visit.open("/", MOVING)
    const box = (await page.locator(".turntable").boundingBox())!
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 160, y, { steps: 8 })
    await page.mouse.up()
    await finish(page, "blue")
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 160, y, { steps: 8 })
    await page.mouse.up()
    await finish(page, "orange")
  })

  browserTest("a swipe sideways turns it, and a swipe up or down still scrolls the page", async () => {
    const page = await visit.open("/", { ...MOVING, hasTouch: true, viewport: { width: 360, height: 740 } })
    const box = (await page.locator(".turntable").boundingBox())!
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const cdp = await page.context().newCDPSession(page)
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", dx = 0) =>
      cdp.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: x + dx, y }] })
    await touch("touchStart")
    for (let dx = 0; dx >= -160; dx -= 20) await touch("touchMove", dx)
    await touch("touchEnd")
    await finish(page, "blue")
    expect(await page.locator(".turntable").evaluate(table => getComputedStyle(table).touchAction)).toBe("pan-y")
  })

  browserTest("with reduced motion nothing moves", async () => {
    const page = await visit.open("/")
    await page.getByLabel("Silver").check({ force: true })
    await finish(page, "silver")
    const moving = await page.evaluate(() =>
      document.getAnimations().filter(({ effect }) => {
        const frames = (effect as KeyframeEffect).getKeyframes()
        return frames.some(frame => "transform" in frame || "boxShadow" in frame)
      }),
    )
    expect(moving).toEqual([])
  })

  browserTest("a finish chooses its item, and the storage stays as chosen", async () => {
    const price = (amount: number) => ({ amount, currency: "USD" })
    const items = ["Deep Blue, 256 GB", "Deep Blue, 1 TB", "Silver, 256 GB", "Silver, 1 TB"].map((name, at) => ({
      sku: `p${at}`,
      name,
      price: price(119_900 + (at % 2) * 40_000),
      total: 10,
    }))
    await visit.system.createSale("many", { items })
    const page = await visit.open("/sales/many", { locale: "en-US" })
    await page.getByLabel("1 TB").check({ force: true })
    await page.getByLabel("Silver").check({ force: true })
    await finish(page, "silver")
    expect(await textOf(buyButton(page))).toBe("Buy now · $1,599")
    await buyButton(page).click()
    expect((await visit.system.order(await orderId(page))).sku).toBe("p3")
    expect(await page.getByLabel("Deep Blue").isDisabled()).toBe(true)
  })
})

describe("with a keyboard alone", () => {
  browserTest(
    "a buyer holds a unit, gives it back, holds another, confirms it, reads the receipt and returns",
    async () => {
      await visit.system.createSale("keys", HELD)
      const page = await visit.open("/sales/keys")
      await buyButton(page).waitFor()
      const press = async (name: RegExp) => {
        await tabTo(page, name)
        await page.keyboard.press("Enter")
      }
      await press(/^Buy now/)
      await orderId(page)
      await press(/^Give it back$/)
      await showsFree(page, 100)
      await page.getByText("You gave it back.", { exact: false }).first().waitFor()
      await press(/^Buy now/)
      await orderId(page)
      await press(/^Confirm$/)
      await page.getByText("It’s yours.").first().waitFor()
      const id = await orderId(page)
      await press(/^Receipt$/)
      await page.getByRole("heading", { name: "Receipt" }).waitFor()
      expect(await textOf(page.locator("dl"))).toContain(id)
      await press(/^Back to the sale$/)
      expect(await orderId(page)).toBe(id)
      expect(await soldOf(visit.system, "keys")).toBe(1)
    },
  )
})

describe("screen readers hear", () => {
  browserTest("the stock every 15 seconds and an outcome at once", async () => {
    await visit.system.createSale("aloud")
    const page = await visit.open("/docs")
    await page.clock.install()
    await page.goto(`${visit.system.url}/sales/aloud`)
    await buyButton(page).waitFor()
    const stock = page.locator("[aria-live=polite]")
    await page.clock.fastForward(15_000)
    await stock.getByText("100 of 100 left").waitFor({ state: "attached" })
    const said = await page.locator("[aria-live]:not([aria-live=off])").evaluateAll(all => {
      return all.map(one => [one.getAttribute("aria-live"), one.textContent])
    })
    expect(said).toEqual([
      ["polite", "100 of 100 left"],
      ["assertive", ""],
    ])
    for (const customer of ["a", "b", "c"]) await visit.system.buy("aloud", tokenOf(customer), "k1")
    await showsFree(page, 97)
    expect(await textOf(stock)).toBe("100 of 100 left")
    await page.clock.fastForward(15_000)
    await stock.getByText("97 of 100 left").waitFor({ state: "attached" })
    await buyButton(page).click()
    const id = await orderId(page)
    expect(await textOf(page.getByTestId("outcome"))).toBe(`It’s yours. Order ${id}.`)
  })

  browserTest("that a unit came back while all were held", async () => {
    await visit.system.createSale("returned", { ...HELD, total: 1 })
    const order = (await (await visit.system.buy("returned", tokenOf("ann"), "k1")).json()) as { id: string }
    const page = await visit.open("/sales/returned")
    await page.getByText("All units are in someone’s hands.").waitFor()
    await visit.system.request(`/api/v1/orders/${order.id}/cancel`, { method: "POST", token: tokenOf("ann") })
    await page.getByTestId("outcome").getByText("A unit came back. You can buy it now.").waitFor()
    await buyButton(page).click()
    await orderId(page)
  })

  browserTest("that the sale has opened", async () => {
    await visit.system.createSale("opened", { opensAt: new Date(Date.now() + 2900).toISOString() })
    const page = await visit.open("/sales/opened")
    await page.getByTestId("outcome").getByText("The sale is open.").waitFor()
  })
})

describe("receipt, share and calendar", () => {
  browserTest("a receipt downloads as one file that needs no other", async () => {
    await visit.system.createSale("receipt")
    const page = await visit.open("/sales/receipt")
    await buyButton(page).click()
    const id = await orderId(page)
    await page.getByRole("link", { name: "Receipt" }).click()
    await page.getByRole("button", { name: "Print" }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ])
    expect(download.suggestedFilename()).toBe(`${id}.html`)
    const text = await Bun.file((await download.path())!).text()
    expect(text).toContain(id)
    expect(text).not.toMatch(/(src|href)=/)
  })

  browserTest("Share copies a link to the sale, not to the order", async () => {
    await visit.system.createSale("shared")
    const page = await visit.open("/sales/shared", { permissions: ["clipboard-read", "clipboard-write"] })
    await buyButton(page).click()
    await orderId(page)
    await page.getByRole("button", { name: "Share" }).click()
    await page.getByTestId("outcome").getByText("Link copied.").waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${visit.system.url}/sales/shared`)
  })

  browserTest("a scheduled sale can be added to a calendar", async () => {
    const opensAt = new Date(Date.UTC(2099, 8, 1, 12)).toISOString()
    await visit.system.createSale("dated", { opensAt, name: "Lamp; one, two" })
    const page = await visit.open("/sales/dated")
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Add to your calendar" }).click(),
    ])
    const lines = (await Bun.file((await download.path())!).text()).split("\r\n")
    expect(lines).toContain("DTSTART:20990901T120000Z")
    expect(lines).toContain("SUMMARY:Lamp\\; one\\, two")
    expect(lines).toContain(`URL:${visit.system.url}/sales/dated`)
  })
})
