import type { Minute, Soak } from "../soak/figures.ts"
import { type Curve, drawCurves, type Panel } from "./curves.ts"
import { table } from "./markdown.ts"
import { median, three, whole } from "./numbers.ts"

/** Of the minutes at the beginning and at the end that are compared. */
const PART = 1 / 3

/** What a contender was after the first minutes, and at the end. */
export function soakTable(soaks: readonly Soak[]): string {
  const rows = soaks.flatMap(({ contender, minutes, perSecond }) => {
    const [early, late] = ends(minutes)
    const roles = Object.keys(minutes[0]?.residentMb ?? {})
    const files = Object.keys(minutes[0]?.filesMb ?? {})
    const orders = minutes.at(-1)?.orders ?? 0
    const row = (what: string, value: (minute: Minute) => number) => [
      `${contender}, ${minutes.length} minutes at ${whole(perSecond)} a second, ${whole(orders)} orders`,
      what,
      three(median(early.map(value))),
      three(median(late.map(value))),
    ]
    return [
      row("answers a second", minute => minute.perSecond),
      row("p99 ms", minute => minute.p99Ms),
      ...roles.map(name => row(`memory of ${name}, MB`, minute => minute.residentMb[name] ?? 0)),
      ...files.map(name => row(`files of ${name}, bytes an order`, minute => bytesPerOrder(minute, name))),
      row("broken connections", minute => minute.broken),
    ]
  })
  return table(["soak", "figure", "first third", "last third"], rows)
}

export function drawSoak(soaks: readonly Soak[]): string {
  const x = { name: "minutes" }
  const panels = soaks.flatMap(({ contender, minutes }): Panel[] => {
    const curve = (name: string, value: (minute: Minute) => number): Curve => {
      return { name, points: minutes.map(minute => [minute.minute, value(minute)]) }
    }
    const [{ residentMb = {}, filesMb = {} } = {}] = minutes as [Minute?]
    const largest = Object.keys(residentMb)
      .sort((one, other) => residentMb[other]! - residentMb[one]!)
      .slice(0, 4)
    return [
      { title: `${contender}: answers a second`, x, curves: [curve("", minute => minute.perSecond)] },
      { title: `${contender}: latency, ms`, x, curves: [curve("p99", m => m.p99Ms), curve("p50", m => m.p50Ms)] },
      { title: `${contender}: memory, MB`, x, curves: largest.map(name => curve(name, m => m.residentMb[name] ?? 0)) },
      {
        title: `${contender}: files, MB`,
        x,
        curves: Object.keys(filesMb).map(name => curve(name, m => m.filesMb[name] ?? 0)),
      },
    ]
  })
  return drawCurves("A launch every minute", panels)
}

function bytesPerOrder({ filesMb, orders }: Minute, name: string): number {
  return ((filesMb[name] ?? 0) * 1e6) / Math.max(1, orders)
}

function ends(minutes: readonly Minute[]): [Minute[], Minute[]] {
  const count = Math.max(1, Math.floor(minutes.length * PART))
  return [minutes.slice(0, count), minutes.slice(-count)]
}
