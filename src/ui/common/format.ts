import { minorDigits } from "../../wire/minor-units.ts"
import type { Money } from "../../wire/wire.ts"
import type { Lang } from "./language.ts"

const LOCALE: Record<Lang, string> = { en: "en-GB", id: "id-ID" }

/** How the reader's own country writes numbers and times, as far as it speaks the page's language. */
function localeOf(lang: Lang): string {
  return navigator.languages?.find(tag => tag.split("-")[0] === lang) ?? LOCALE[lang]
}

/** Rupiah are written as Indonesia writes them, in every language: Rp 25.749.000. */
const HOME: Record<string, string> = { IDR: "id-ID" }

export function money({ amount, currency }: Money, lang: Lang): string {
  const digits = minorDigits(currency)
  return new Intl.NumberFormat(HOME[currency] ?? localeOf(lang), {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay: "stripIfInteger",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits)
}

export function count(value: number, lang: Lang, digits = 0): string {
  return new Intl.NumberFormat(localeOf(lang), { maximumFractionDigits: digits }).format(value)
}

/** 0.4, always with its tenth, so that what changes often does not jump. */
export function tenths(value: number, lang: Lang): string {
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return new Intl.NumberFormat(localeOf(lang), one).format(value)
}

export function savingPercent(price: Money, listPrice: Money | undefined): number {
  return listPrice && listPrice.amount > price.amount ? Math.round((1 - price.amount / listPrice.amount) * 100) : 0
}

/** 00:04:12, with days in front when there are any. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0")
  const clock = `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  const days = Math.floor(seconds / 86_400)
  return days > 0 ? `${days}d ${clock}` : clock
}

/** 2:05, for what is nearly over. */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

/** The time of day: 19:04:30 or 19.04.30. */
export function timeOfDay(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(localeOf(lang), { timeStyle: "medium", hourCycle: "h23" }).format(at)
}

/** Fri 27 Nov, 19:00, for what is further away. */
export function dayAndTime(at: number, lang: Lang): string {
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const
  return new Intl.DateTimeFormat(localeOf(lang), { ...parts, hourCycle: "h23" }).format(at)
}

/** 19:00:11.402, as journals and consoles write it. */
export function preciseTime(at: number): string {
  const date = new Date(at)
  const pad = (value: number, width = 2) => String(value).padStart(width, "0")
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}
