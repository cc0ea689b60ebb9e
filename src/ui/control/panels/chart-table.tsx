import { Scroll } from "../../common/scroll.tsx"
import type { Moment } from "../data/rates.ts"
import { clockTime } from "./chart.tsx"

/** Seconds of one row: ten minutes are sixty rows. */
const ROW_SECONDS = 10

interface ChartTable {
  label: string
  time: string
  points: readonly Moment[]
  columns: readonly { name: string; of: (row: readonly Moment[]) => string }[]
}

/** The same as a chart, for those who cannot see it: the newest first. */
export function ChartTable({ label, time, points, columns }: ChartTable) {
  const rows = Map.groupBy(points, ({ at }) => Math.floor(at / ROW_SECONDS))
  return (
    <Scroll label={label}>
      <table data-testid="chart-table">
        <thead>
          <tr>
            <th scope="col">{time}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows].toReversed().map(([at, row]) => (
            <tr key={at}>
              <th scope="row">{clockTime(at * ROW_SECONDS)}</th>
              {columns.map(({ name, of }) => (
                <td key={name}>{of(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** The mean of what there is. */
export function mean(row: readonly Moment[], of: (moment: Moment) => number): number {
  return row.reduce((sum, moment) => sum + of(moment), 0) / Math.max(1, row.length)
}
