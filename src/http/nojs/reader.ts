import type { Context } from "hono"
import { html } from "hono/html"
import type { Money } from "../../core/sale.ts"
import { minorDigits } from "../../wire/minor-units.ts"
import type { RequestEnv } from "../context.ts"
import { type PageLanguage, type PageTexts, textsIn } from "./words.ts"

/** Markup whose values are escaped. */
export type Html = ReturnType<typeof html>

/** The language and the number formats of the reader of a page. */
export interface Reader {
  lang: PageLanguage
  /** For numbers and times: a BCP 47 tag. */
  locale: string
  /** Every text of the pages, in the reader's language. */
  say: PageTexts
  /** Adds the language to a path, if the reader asked for it with `?lang`. */
  path(to: string): string
}

/** Languages by their codes. "in" is the old code of Indonesian, and some Android browsers still send it. */
const CODES = new Map<string, PageLanguage>([
  ["en", "en"],
  ["id", "id"],
  ["in", "id"],
])

/** Rupiah are written as in Indonesia, in every language: Rp 25.749.000. */
const HOME_LOCALES: Record<string, string> = { IDR: "id-ID" }

/** `?lang` decides, then the browser's list, then English. */
export function readerOf(c: Context<RequestEnv>): Reader {
  const asked = CODES.get(c.req.query("lang") ?? "")
  const tags = (c.req.header("accept-language") ?? "")
    .split(",")
    .map(tag => tag.replace(/;.*/s, "").trim().toLowerCase())
  const codeOf = (tag: string) => CODES.get(tag.replace(/-.*/s, ""))
  const lang = asked ?? tags.map(codeOf).find(code => code !== undefined) ?? "en"
  const locale = localeOf(tags.find(tag => codeOf(tag) === lang)) ?? (lang === "id" ? "id-ID" : "en-GB")
  const path = (to: string) => (asked ? `${to}${to.includes("?") ? "&" : "?"}lang=${asked}` : to)
  return { lang, locale, say: textsIn(lang), path }
}

function localeOf(tag: string | undefined): string | undefined {
  try {
    return tag && Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

export function money({ amount, currency }: Money, { locale }: Reader): string {
  const digits = minorDigits(currency)
  return new Intl.NumberFormat(HOME_LOCALES[currency] ?? locale, {
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

/** A time in UTC, because the server does not know the reader's time zone. `PLAIN_JS` rewrites it where scripts run. */
export function moment(at: string, { locale }: Reader): Html {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" })
  return html`<time datetime="${at}">${format.format(Date.parse(at))} UTC</time>`
}

/** 11.4 seconds, 3.2 minutes, 2 hours. */
export function duration(ms: number, reader: Reader): string {
  const { say } = reader
  const show = (value: number) => count(value, reader, 1)
  if (ms < 120_000) return say.seconds(show(ms / 1000))
  return ms < 7_200_000 ? say.minutes(show(ms / 60_000)) : say.hours(show(ms / 3_600_000))
}
