import type { Page, Route } from "playwright-core"
import { buyButton, orderId, type Visit } from "../../support/browser/visit.ts"
import { tokenOf } from "../../support/token.ts"

const ORDERS = "**/api/v1/sales/*/orders"
const HOUR_MS = 3_600_000

/** A state of the launch page: the text that shows it, and how a new buyer gets there. */
export interface State {
  name: string
  says: string | RegExp
  reach(visit: Visit): Promise<Page>
}

let made = 0

/** Opens the page of a new sale. */
async function at(visit: Visit, terms: object = {}, prepare: (id: string) => Promise<unknown> = async () => {}) {
  const id = `state-${++made}`
  await visit.system.createSale(id, { name: "iPhone 17 Pro Max", ...terms })
  await prepare(id)
  return { id, page: await visit.open(`/sales/${id}`) }
}

/** Presses the button, and has `answer` respond to every attempt from then on. */
async function pressed(visit: Visit, answer: (route: Route, page: Page) => unknown, terms: object = {}): Promise<Page> {
  const { page } = await at(visit, terms)
  await buyButton(page).waitFor()
  await page.waitForFunction(() => localStorage.getItem("doorbuster:session") !== null)
  await page.route(ORDERS, route => answer(route, page))
  await buyButton(page).click()
  return page
}

const refusal =
  (status: number, code: string, more: object = {}) =>
  (route: Route) =>
    route.fulfill({
      status,
      headers: { "content-type": "application/problem+json" },
      body: JSON.stringify({ type: "about:blank", title: code, status, detail: code, code, ...more }),
    })

async function bought(visit: Visit, terms: object = {}): Promise<Page> {
  const { page } = await at(visit, terms)
  await buyButton(page).click()
  await orderId(page)
  return page
}

const held = { checkout: "hold", holdSeconds: 120 }
const price = (amount: number) => ({ amount, currency: "IDR" })
const PHONES = [
  { sku: "o-256", name: "Cosmic Orange, 256 GB", price: price(2_574_900_000), total: 40 },
  { sku: "o-512", name: "Cosmic Orange, 512 GB", price: price(2_974_900_000), total: 30 },
  { sku: "b-256", name: "Deep Blue, 256 GB", price: price(2_574_900_000), total: 1 },
  { sku: "b-512", name: "Deep Blue, 512 GB", price: price(2_974_900_000), total: 30 },
]

/** Every state of the launch page. */
export const STATES: State[] = [
  {
    name: "scheduled",
    says: /^Opens in 0[01]:/,
    reach: async visit => (await at(visit, { opensAt: new Date(Date.now() + HOUR_MS).toISOString() })).page,
  },
  {
    name: "opening",
    says: /^Opens in \d$/,
    reach: async visit => (await at(visit, { opensAt: new Date(Date.now() + 9_900).toISOString() })).page,
  },
  { name: "open", says: /^Buy now/, reach: async visit => (await at(visit)).page },
  { name: "securing", says: "Securing your unit…", reach: visit => pressed(visit, () => {}) },
  { name: "slow", says: "Still with you. You will not be charged twice.", reach: visit => pressed(visit, () => {}) },
  { name: "yours", says: "It’s yours.", reach: visit => bought(visit) },
  { name: "held", says: /Held for you until/, reach: visit => bought(visit, held) },
  {
    name: "given-back",
    says: "You gave it back. Thank you: someone else can have it now.",
    reach: async visit => {
      const page = await bought(visit, held)
      await page.getByRole("button", { name: "Give it back" }).click()
      return page
    },
  },
  {
    name: "expired",
    says: "Your time ran out, so the unit is back on sale.",
    reach: visit => bought(visit, { ...held, holdSeconds: 5 }),
  },
  {
    name: "all-held",
    says: "Some may come back in about 2 minutes; we are watching for you.",
    reach: async visit =>
      (await at(visit, { ...held, total: 1 }, id => visit.system.buy(id, tokenOf("ann"), "k1"))).page,
  },
  {
    name: "sold-out",
    says: /^Sold out in [0-9.]+ seconds\.$/,
    reach: async visit => (await at(visit, { total: 1 }, id => visit.system.buy(id, tokenOf("ann"), "k1"))).page,
  },
  {
    name: "this-one-sold-out",
    says: "This one is sold out.",
    reach: async visit => {
      const buy = (id: string) => visit.system.buy(id, tokenOf("ann"), "k1", { sku: "b-256" })
      const { page } = await at(visit, { items: PHONES }, buy)
      await page.getByLabel("Deep Blue").check({ force: true })
      return page
    },
  },
  {
    name: "several-items",
    says: "Buy now · Rp 25.749.000",
    reach: async visit => (await at(visit, { items: PHONES })).page,
  },
  {
    name: "limit-reached",
    says: "You already have yours.",
    reach: visit => pressed(visit, refusal(409, "limit_reached")),
  },
  {
    name: "paused",
    says: "A short pause.",
    reach: async visit => (await at(visit, {}, id => visit.system.admin("POST", `/sales/${id}/pause`))).page,
  },
  {
    name: "closed",
    says: "This sale has ended.",
    reach: async visit => (await at(visit, {}, id => visit.system.admin("POST", `/sales/${id}/close`))).page,
  },
  {
    name: "reconciling",
    says: "The shop is checking its stock. We keep trying for you.",
    reach: visit => pressed(visit, refusal(503, "reconciling")),
  },
  {
    name: "busy",
    says: "It is very busy right now. We keep trying for you; you will not be charged twice.",
    reach: visit => pressed(visit, refusal(503, "overloaded")),
  },
  {
    name: "unknown",
    says: "We are checking your order. You will not be charged twice.",
    reach: visit => pressed(visit, refusal(503, "outcome_unknown")),
  },
  {
    name: "early",
    says: "The sale is about to open. Your order goes in the moment it does.",
    reach: visit =>
      pressed(visit, route =>
        refusal(409, "sale_not_open", { opensAt: new Date(Date.now() + 3_000).toISOString() })(route),
      ),
  },
  {
    name: "fault",
    says: "Something went wrong on our side. Nothing was bought.",
    reach: visit => pressed(visit, refusal(404, "sale_unknown", { seq: 1000 })),
  },
  {
    name: "offline",
    says: "You are offline. We will continue where you left off.",
    reach: async visit => {
      const { page } = await at(visit)
      await buyButton(page).waitFor()
      await page.context().setOffline(true)
      return page
    },
  },
  {
    name: "back-online",
    says: "You are back online.",
    reach: async visit => {
      const { page } = await at(visit)
      await buyButton(page).waitFor()
      await page.context().setOffline(true)
      await page.getByText("You are offline.", { exact: false }).first().waitFor()
      await page.context().setOffline(false)
      return page
    },
  },
  {
    name: "gave-up",
    says: "We do not know yet whether your order went through. Check again: you will not be charged twice.",
    reach: async visit => {
      const { id, page } = await at(visit)
      await page.evaluate(
        ([sku, at]) => {
          const purchase = { key: "k1", sku, quantity: 1, at, state: "wanted" }
          localStorage.setItem(`doorbuster:purchase:${sku}`, JSON.stringify(purchase))
        },
        [id, Date.now() - HOUR_MS] as const,
      )
      await page.reload()
      return page
    },
  },
  {
    name: "session-lost",
    says: /^Your session ended while we were checking/,
    reach: visit => {
      let asked = 0
      return pressed(visit, async (route, page) => {
        if (asked++ > 0) return route.continue()
        await page.context().clearCookies()
        await route.abort("connectionreset")
      })
    },
  },
  {
    name: "stranger",
    says: /^Your browser keeps no cookie of this shop/,
    reach: visit => pressed(visit, refusal(401, "unauthorized", { reason: "missing" })),
  },
  {
    name: "order-lost",
    says: /^You ordered here, but the shop no longer shows this order/,
    reach: async visit => {
      const page = await bought(visit)
      await page.context().clearCookies()
      await page.reload()
      return page
    },
  },
  { name: "unknown-sale", says: "This sale does not exist.", reach: visit => visit.open("/sales/no-such-sale") },
  {
    name: "unreachable",
    says: "We cannot reach the shop right now. We keep trying.",
    reach: async visit => {
      const { page } = await at(visit)
      await page.route("**/api/**", route => route.abort("connectionreset"))
      await page.reload()
      return page
    },
  },
  {
    name: "nothing",
    says: "Nothing is on sale yet.",
    reach: async visit => {
      const { page } = await at(visit)
      await page.route("**/api/v1/front-page", route => route.fulfill({ json: { sales: [] } }))
      await page.goto(`${visit.system.url}/`)
      return page
    },
  },
]
