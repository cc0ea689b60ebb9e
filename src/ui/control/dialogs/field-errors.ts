import { minorOf, type SaleDraft, type SaleDraftItem, whole } from "./sale-draft.ts"

/** What can be wrong with a field. The form checks this while the reader types; the server checks again. */
export type FieldError =
  | "missing"
  | "tooLong"
  | "notAnId"
  | "duplicate"
  | "notATime"
  | "notAfter"
  | "notWhole"
  | "notAPrice"
  | "belowPrice"

/** The errors by the field's path, as the server names it: `items.0.price`. */
export type FieldErrors = Record<string, FieldError>

const ID = /^[A-Za-z0-9_-]{1,64}$/
const NAME_MAX = 200
const DESCRIPTION_MAX = 2000
const UNITS_MAX = 1_000_000_000
const YEAR_10000 = Date.UTC(10_000, 0)
const HOLD_SECONDS_MIN = 5
const HOLD_SECONDS_MAX = 86_400
const LIMIT_MAX = 1000

/** Of a sale that exists, the items are not checked, because they cannot be changed. */
export function fieldErrorsOf(draft: SaleDraft, exists = false): FieldErrors {
  const { opensAt, closesAt, checkout, holdSeconds, limitPerCustomer, items } = draft
  return present({
    id: idError(draft.id),
    name: nameError(draft.name),
    description: draft.description.trim().length > DESCRIPTION_MAX ? "tooLong" : undefined,
    opensAt: timeError(opensAt),
    closesAt: closesAt === "" ? undefined : (timeError(closesAt) ?? orderError(opensAt, closesAt)),
    holdSeconds: checkout === "hold" ? wholeError(holdSeconds, HOLD_SECONDS_MIN, HOLD_SECONDS_MAX) : undefined,
    limitPerCustomer: wholeError(limitPerCustomer, 1, LIMIT_MAX),
    currency: /^[A-Z]{3}$/.test(draft.currency) ? undefined : "missing",
    ...Object.assign({}, ...(exists ? [] : items).map((item, index) => errorsOfItem(draft, item, index))),
  })
}

function errorsOfItem(
  { items, currency }: SaleDraft,
  item: SaleDraftItem,
  index: number,
): Record<string, FieldError | undefined> {
  const isDuplicate = items.findIndex(({ sku }) => sku.trim() === item.sku.trim()) < index
  const price = (text: string): FieldError | undefined =>
    minorOf(text, currency) === undefined ? "notAPrice" : undefined
  const isBelow = (minorOf(item.listPrice, currency) ?? 0) < (minorOf(item.price, currency) ?? 0)
  const belowPrice: FieldError | undefined = isBelow ? "belowPrice" : undefined
  return {
    [`items.${index}.sku`]: idError(item.sku) ?? (isDuplicate ? "duplicate" : undefined),
    [`items.${index}.name`]: nameError(item.name),
    [`items.${index}.price`]: price(item.price),
    [`items.${index}.listPrice`]: item.listPrice.trim() === "" ? undefined : (price(item.listPrice) ?? belowPrice),
    [`items.${index}.total`]: wholeError(item.total, 0, UNITS_MAX),
  }
}

function idError(text: string): FieldError | undefined {
  if (text.trim() === "") return "missing"
  return ID.test(text.trim()) ? undefined : "notAnId"
}

function nameError(text: string): FieldError | undefined {
  if (text.trim() === "") return "missing"
  return text.trim().length > NAME_MAX ? "tooLong" : undefined
}

function timeError(local: string): FieldError | undefined {
  const at = Date.parse(local)
  return at >= 0 && at < YEAR_10000 ? undefined : "notATime"
}

function orderError(opensAt: string, closesAt: string): FieldError | undefined {
  return Date.parse(closesAt) <= Date.parse(opensAt) ? "notAfter" : undefined
}

function wholeError(text: string, min: number, max: number): FieldError | undefined {
  const value = whole(text)
  return value >= min && value <= max ? undefined : "notWhole"
}

function present(errors: Record<string, FieldError | undefined>): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== undefined)) as FieldErrors
}
