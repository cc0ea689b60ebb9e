import { amountGiven, amountText, wholeGiven } from "../../../wire/given.ts"
import type { NewSale, Sale, SalePatch } from "../../../wire/wire.ts"

/** The values of the form's fields, as text. Times are in this machine's time zone. */
export interface SaleDraft {
  id: string
  name: string
  description: string
  opensAt: string
  closesAt: string
  checkout: "instant" | "hold"
  holdSeconds: string
  limitPerCustomer: string
  currency: string
  items: SaleDraftItem[]
}

export interface SaleDraftItem {
  sku: string
  name: string
  price: string
  listPrice: string
  total: string
}

export function newDraft(now: number): SaleDraft {
  const fields = { id: "", name: "", description: "", closesAt: "", limitPerCustomer: "1", holdSeconds: "300" }
  return { ...fields, opensAt: localTime(now + 3_600_000), checkout: "instant", currency: "IDR", items: [newItem()] }
}

export const newItem = (): SaleDraftItem => ({ sku: "", name: "", price: "", listPrice: "", total: "100" })

export function draftOf(sale: Sale): SaleDraft {
  const currency = sale.items[0]?.price.currency ?? "IDR"
  const major = (amount: number | undefined) =>
    amount === undefined ? "" : amountText({ amount, currency }).replace(/\.0+$/, "")
  return {
    id: sale.id,
    name: sale.name,
    description: sale.description,
    opensAt: localTime(Date.parse(sale.opensAt)),
    closesAt: sale.closesAt ? localTime(Date.parse(sale.closesAt)) : "",
    checkout: sale.checkout,
    holdSeconds: String(sale.holdSeconds ?? 300),
    limitPerCustomer: String(sale.limitPerCustomer),
    currency,
    items: sale.items.map(({ sku, name, price, listPrice, total }) => ({
      ...{ sku, name, total: String(total) },
      ...{ price: major(price.amount), listPrice: major(listPrice?.amount) },
    })),
  }
}

/** The request that creates the sale. Throws or is invalid unless `fieldErrorsOf` finds nothing. */
export function termsOf(draft: SaleDraft): NewSale {
  const { id, name, description, checkout, currency, items } = draft
  const money = (text: string) => ({ amount: minorOf(text, currency) ?? Number.NaN, currency })
  return {
    ...{ id: id.trim(), name: name.trim(), description: description.trim(), checkout },
    opensAt: instant(draft.opensAt),
    ...(draft.closesAt && { closesAt: instant(draft.closesAt) }),
    ...(checkout === "hold" && { holdSeconds: whole(draft.holdSeconds) }),
    limitPerCustomer: whole(draft.limitPerCustomer),
    items: items.map(item => ({
      ...{ sku: item.sku.trim(), name: item.name.trim(), price: money(item.price), total: whole(item.total) },
      ...(item.listPrice.trim() && { listPrice: money(item.listPrice) }),
    })),
  }
}

/** The request that changes the sale: only the terms that differ. */
export function patchOf(draft: SaleDraft, sale: Sale): SalePatch {
  const { items: _, id: __, checkout: ___, ...terms } = termsOf(draft)
  const before = draftOf(sale)
  const patch: SalePatch = {}
  for (const name of ["name", "description", "opensAt", "closesAt", "holdSeconds", "limitPerCustomer"] as const) {
    if (draft[name] === before[name] || (name === "holdSeconds" && draft.checkout === "instant")) continue
    Object.assign(patch, { [name]: terms[name] ?? null })
  }
  return patch
}

/** `2026-09-01T19:00`: the value of a `datetime-local` field. */
export function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function instant(local: string): string {
  return new Date(local).toISOString()
}

/**
 * `19.99` -> 1999; undefined if the text is not a price of this currency. In the form a price may also be written without
 * decimals, because nobody types minor units there, and the preview shows what was understood.
 */
export function minorOf(text: string, currency: string): number | undefined {
  const trimmed = text.trim()
  if (!/^[A-Z]{3}$/.test(currency)) return undefined
  const [, decimals] = amountText({ amount: 0, currency }).split(".")
  return amountGiven(trimmed, currency) ?? amountGiven(`${trimmed}.${decimals}`, currency)
}

/** A whole number of digits only; NaN for an empty text or for 1e3. */
export function whole(text: string): number {
  return wholeGiven(text.trim(), 0, Number.MAX_SAFE_INTEGER) ?? Number.NaN
}

/** `iPhone 17 Pro` -> `iphone-17-pro` */
export function slug(name: string): string {
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 64)
}
