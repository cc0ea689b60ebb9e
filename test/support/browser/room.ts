import type { Page } from "playwright-core"
import { ADMIN_TOKEN } from "../system.ts"
import type { Visit } from "./visit.ts"

export const CONTROL = `/control#token=${ADMIN_TOKEN}`

/** Returns a function that opens the control room and chooses a sale. */
export function roomOf(visit: Visit) {
  return async (saleId: string, options?: Parameters<Visit["open"]>[1]): Promise<Page> => {
    const page = await visit.open(CONTROL, options)
    await page.getByTestId("sale").selectOption(saleId)
    await page.getByTestId(`item-${saleId}`).waitFor()
    return page
  }
}

export const conservation = (page: Page) => page.getByTestId("conservation")

/** A process takes seconds to start on a busy machine. */
const LOGGED_MAX_MS = 20_000

/** Waits until the log has a line with this text. */
export const logged = (page: Page, text: string | RegExp) =>
  page.getByTestId("log").getByText(text).first().waitFor({ timeout: LOGGED_MAX_MS })
