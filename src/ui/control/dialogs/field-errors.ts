import { type Draft, type DraftItem, minorOf, whole } from "./sale-draft.ts"

/** What can be wrong with a field. The server has the last word; this one is said while typing. */
export type Fault = "missing" | "tooLong" | "notAnId" | "twice" | "notATime" | "notAfter" | "notWhole" | "notAPrice"

/** By the field's path, as the server names it: `items.0.price`. */
export type Faults = Record<string, Fault>

const ID = /^[A-Za-z0-9_-]{1,64}$/
const NAME_MAX = 200
const DESCRIPTION_MAX = 2000
const UNITS_MAX = 1_000_000_000
const YEAR_10000 = Date.UTC(10_000, 0)

export function faultsOf(draft: Draft): Faults {
  const { opensAt, closesAt, checkout, holdSeconds, limitPerCustomer, items } = draft
  return known({
    id: idFault(draft.id),
    name: nameFault(draft.name),
    description: draft.description.trim().length > DESCRIPTION_MAX ? "tooLong" : undefined,
    opensAt: timeFault(opensAt),
    closesAt: closesAt === "" ? undefined : (timeFault(closesAt) ?? orderFault(opensAt, closesAt)),
    holdSeconds: checkout === "hold" ? wholeFault(holdSeconds, 5, 86_400) : undefined,
    limitPerCustomer: wholeFault(limitPerCustomer, 1, 1000),
    currency: /^[A-Z]{3}$/.test(draft.currency) ? undefined : "missing",
    ...Object.assign({}, ...items.map((item, at) => faultsOfItem(draft, item, at))),
  })
}

function faultsOfItem({ items, currency }: Draft, item: DraftItem, at: number): Record<string, Fault | undefined> {
  const isTwice = items.findIndex(({ sku }) => sku.trim() === item.sku.trim()) < at
  const price = (text: string): Fault | undefined => (minorOf(text, currency) === undefined ? "notAPrice" : undefined)
  return {
    [`items.${at}.sku`]: idFault(item.sku) ?? (isTwice ? "twice" : undefined),
    [`items.${at}.name`]: nameFault(item.name),
    [`items.${at}.price`]: price(item.price),
    [`items.${at}.listPrice`]: item.listPrice.trim() === "" ? undefined : price(item.listPrice),
    [`items.${at}.total`]: wholeFault(item.total, 0, UNITS_MAX),
  }
}

function idFault(text: string): Fault | undefined {
  if (text.trim() === "") return "missing"
  return ID.test(text.trim()) ? undefined : "notAnId"
}

function nameFault(text: string): Fault | undefined {
  if (text.trim() === "") return "missing"
  return text.trim().length > NAME_MAX ? "tooLong" : undefined
}

function timeFault(local: string): Fault | undefined {
  const at = Date.parse(local)
  return at >= 0 && at < YEAR_10000 ? undefined : "notATime"
}

function orderFault(opensAt: string, closesAt: string): Fault | undefined {
  return Date.parse(closesAt) <= Date.parse(opensAt) ? "notAfter" : undefined
}

function wholeFault(text: string, min: number, max: number): Fault | undefined {
  const value = whole(text)
  return value >= min && value <= max ? undefined : "notWhole"
}

function known(faults: Record<string, Fault | undefined>): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined)) as Faults
}
