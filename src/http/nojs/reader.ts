import type { Context } from "hono"
import type { Env } from "../context.ts"

export type Lang = "en" | "id"

/** Who reads: in which language, and as which locale writes numbers. `path` keeps a language that was asked for. */
export interface Reader {
  lang: Lang
  locale: string
  path(to: string): string
}

/** "in" is the old code of Indonesian, and some Android browsers still send it. */
const CODES = new Map<string, Lang>([
  ["en", "en"],
  ["id", "id"],
  ["in", "id"],
])

/** `?lang` decides, then the browser's list, then English. */
export function readerOf(c: Context<Env>): Reader {
  const asked = CODES.get(c.req.query("lang") ?? "")
  const tags = (c.req.header("accept-language") ?? "").split(",").map(tag => tag.split(";")[0]!.trim().toLowerCase())
  const codeOf = (tag: string) => CODES.get(tag.split("-")[0]!)
  const lang = asked ?? tags.map(codeOf).find(code => code !== undefined) ?? "en"
  const path = (to: string) => (asked ? `${to}${to.includes("?") ? "&" : "?"}lang=${asked}` : to)
  return { lang, locale: localeOf(tags.find(tag => codeOf(tag) === lang)) ?? (lang === "id" ? "id-ID" : "en-GB"), path }
}

function localeOf(tag: string | undefined): string | undefined {
  try {
    return tag && Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
