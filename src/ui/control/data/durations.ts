import { timeOfDay } from "../../common/format.ts"
import type { Lang } from "../../common/language.ts"

/** 11.4 s, 3.2 min, 2 h: short enough for a tile. */
export function duration(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}

/** 24 s, 3 min, 2 h: how long something has been so. */
export function age(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : duration(ms)
}

/** 12.3 MB, as memory is read. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`
}

/** The time of day; on another day, with its date. */
export function when(at: number, lang: Lang): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  if (isToday) return timeOfDay(at, lang)
  const locale = lang === "id" ? "id-ID" : "en-GB"
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(at)
}
