import { ScrollArea } from "../../common/scroll-area.tsx"
import type { MetricsPoint } from "../data/rates.ts"
import { words } from "../words/words.ts"
import { clockTime } from "./chart.tsx"

/** Seconds per row: ten minutes are sixty rows. */
const ROW_SECONDS = 10

interface ChartTableProps {
  label: string
  time: string
  points: readonly MetricsPoint[]
  columns: readonly { name: string; of: (row: readonly MetricsPoint[]) => string }[]
}

/** The data of a chart as a table, newest first, for readers who cannot see the chart. */
export function ChartTable({ label, time, points, columns }: ChartTableProps) {
  const rows = Map.groupBy(points, ({ at }) => Math.floor(at / ROW_SECONDS))
  return (
    <ScrollArea label={label}>
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
    </ScrollArea>
  )
}

/** Switches between a chart and its table. */
export function TableButton({ shown }: { shown: { value: boolean } }) {
  return (
    <button
      type="button"
      aria-pressed={shown.value}
      onClick={() => {
        shown.value = !shown.value
      }}
    >
      {words.value.table}
    </button>
  )
}
