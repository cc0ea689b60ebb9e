import { setDefaultTimeout } from "bun:test"
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core"
import { needs, type Suite } from "../needs.ts"
import { BROWSER } from "../programs.ts"
import { System } from "../system.ts"

export const inBrowser = needs(BROWSER)
export const browserTest = inBrowser.test

const STEP_MAX_MS = 20_000
/** A stack has a store, a ledger, a worker and its replicas to start. */
const START_MAX_MS = 90_000

/** A running system: the embedded one, or a stack. */
interface Place {
  url: string
  stop(): Promise<unknown>
}

export interface Visit<Visited extends Place = System> {
  system: Visited
  /** Opens a page for a new buyer. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
}

/** One system and one browser for all tests of a file. */
export function visiting(): Visit
export function visiting<Visited extends Place>(start: () => Promise<Visited>, suite: Suite): Visit<Visited>
export function visiting(start: () => Promise<Place> = () => System.start(), suite = inBrowser): Visit<Place> {
  setDefaultTimeout(120_000)
  const visit = {} as Visit<Place> & { browser: Browser }
  suite.beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    visit.system = await start()
    visit.browser = await chromium.launch({ executablePath: BROWSER.path, args })
  }, START_MAX_MS)
  suite.afterAll(async () => {
    await visit.browser?.close()
    await visit.system?.stop()
  })
  visit.open = async (path, options) => {
    const context = await visit.browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...options })
    context.setDefaultTimeout(STEP_MAX_MS)
    const page = await context.newPage()
    await page.goto(visit.system.url + path)
    return page
  }
  return visit
}

export const buyButton = (page: Page) => page.getByTestId("buy")
export const textOf = async (place: Locator) => (await place.textContent()) ?? ""
export const orderId = (page: Page) => textOf(page.getByTestId("order-id"))

/** Waits until the page shows this many free units. */
export async function showsFree(page: Page, free: number): Promise<void> {
  await page.getByTestId("free").getByText(String(free), { exact: true }).waitFor()
}

/** Units of a sale that the store has sold, by its own audit. */
export async function soldOf(system: System, saleId: string): Promise<number> {
  const report = await system.admin<{ totals: { sold: number } }>("GET", `/sales/${saleId}/audit`)
  return report.totals.sold
}
