import { count, tenths, timeOfDay } from "../../common/format.ts"
import { type Language, language } from "../../common/language.tsx"

/** 11.4 s, 3 min, 2 h. */
export function duration(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}

/** 24 s, 3 min, 2 h. */
export function age(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : duration(ms)
}

/** 4.2 ms, 230 ms, or a dash if there is no value. */
export function milliseconds(ms: number | null | undefined): string {
  if (typeof ms !== "number") return "–"
  return `${ms < 100 ? tenths(ms, language.value) : count(ms, language.value)} ms`
}

/** The time of day; on any day but today with the date. */
export function timeWithDate(at: number, reader: Language): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  if (isToday) return timeOfDay(at, reader)
  const locale = reader === "id" ? "id-ID" : "en-GB"
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(at)
}
