import type { Money } from "../../core/sale.ts"
import { minorDigits } from "../../wire/minor-units.ts"
import { type Html, html } from "./html.ts"
import type { Reader } from "./reader.ts"
import { wordsIn } from "./words.ts"

/** Rupiah are written as Indonesia writes them, in every language: Rp 25.749.000. */
const HOME: Record<string, string> = { IDR: "id-ID" }

export function money({ amount, currency }: Money, { locale }: Reader): string {
  const digits = minorDigits(currency)
  return new Intl.NumberFormat(HOME[currency] ?? locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay: "stripIfInteger",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits)
}

export function count(value: number, { locale }: Reader, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
}

/** In UTC, because the server does not know where the reader is; a script, where there is one, writes it as theirs. */
export function moment(at: string, { locale }: Reader): Html {
  const text = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" })
  return html`<time datetime="${at}">${text.format(Date.parse(at))} UTC</time>`
}

/** 11.4 seconds, 3.2 minutes, 2 hours. */
export function duration(ms: number, reader: Reader): string {
  const say = wordsIn(reader.lang)
  const show = (value: number) => count(value, reader, 1)
  if (ms < 120_000) return say.seconds(show(ms / 1000))
  return ms < 7_200_000 ? say.minutes(show(ms / 60_000)) : say.hours(show(ms / 3_600_000))
}
