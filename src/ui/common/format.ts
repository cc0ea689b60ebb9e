import { minorDigits } from "../../wire/minor-units.ts"
import type { Money } from "../../wire/wire.ts"
import type { Language } from "./language.tsx"

const LOCALE: Record<Language, string> = { en: "en-GB", id: "id-ID" }

/** The reader's own locale if it is of the page's language, otherwise the default one. */
function localeOf(language: Language): string {
  return navigator.languages?.find(tag => tag.split("-")[0] === language) ?? LOCALE[language]
}

/** Rupiah are written as in Indonesia, whatever the page's language: Rp 25.749.000. */
const LOCALE_OF_CURRENCY: Record<string, string> = { IDR: "id-ID" }

export function money({ amount, currency }: Money, language: Language): string {
  const digits = minorDigits(currency)
  return new Intl.NumberFormat(LOCALE_OF_CURRENCY[currency] ?? localeOf(language), {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay: "stripIfInteger",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits)
}

export function count(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: digits }).format(value)
}

/** 0.4. Always one decimal, so that a number that changes often keeps its width. */
export function tenths(value: number, language: Language): string {
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return new Intl.NumberFormat(localeOf(language), one).format(value)
}

export function savingPercent(price: Money, listPrice: Money | undefined): number {
  return listPrice && listPrice.amount > price.amount ? Math.round((1 - price.amount / listPrice.amount) * 100) : 0
}

/** 00:04:12, or 1d 00:04:12 from one day on. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0")
  const clock = `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  const days = Math.floor(seconds / 86_400)
  return days > 0 ? `${days}d ${clock}` : clock
}

/** 2:05, in minutes and seconds. */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

/** The time of day: 19:04:30, in Indonesian 19.04.30. */
export function timeOfDay(at: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { timeStyle: "medium", hourCycle: "h23" }).format(at)
}

/** Fri 27 Nov, 19:00. */
export function dayAndTime(at: number, language: Language): string {
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const
  return new Intl.DateTimeFormat(localeOf(language), { ...parts, hourCycle: "h23" }).format(at)
}

/** 19:00:11.402, for logs. */
export function preciseTime(at: number): string {
  const date = new Date(at)
  const pad = (value: number, width = 2) => String(value).padStart(width, "0")
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}
