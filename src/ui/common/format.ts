import type { Money } from "../../wire.ts"
import type { Lang } from "./lang.ts"

const LOCALE: Record<Lang, string> = { en: "en-GB", id: "id-ID" }

/** Minor units per ISO 4217 are hundredths except here. */
const EXPONENT: Record<string, number> = { JPY: 0, KRW: 0, VND: 0, CLP: 0, BHD: 3, KWD: 3, OMR: 3, JOD: 3, TND: 3 }

/** Rupiah are written as Indonesia writes them, in every language: Rp 25.749.000. */
const HOME: Record<string, string> = { IDR: "id-ID" }

export function money({ amount, currency }: Money, lang: Lang): string {
  return new Intl.NumberFormat(HOME[currency] ?? LOCALE[lang], {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay: "stripIfInteger",
  }).format(amount / 10 ** (EXPONENT[currency] ?? 2))
}

export function count(value: number, lang: Lang, digits = 0): string {
  return new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: digits }).format(value)
}

/** 0.4, always with its tenth, so that what changes often does not jump. */
export function tenths(value: number, lang: Lang): string {
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return new Intl.NumberFormat(LOCALE[lang], one).format(value)
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
  return new Intl.DateTimeFormat(LOCALE[lang], { timeStyle: "medium", hourCycle: "h23" }).format(at)
}

/** 19:00:11.402, as journals and consoles write it. */
export function preciseTime(at: number): string {
  const date = new Date(at)
  const pad = (value: number, width = 2) => String(value).padStart(width, "0")
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}
