import { useComputed, useSignal } from "@preact/signals"
import { useMemo } from "preact/hooks"
import type uPlot from "uplot"
import { milliseconds } from "../data/durations.ts"
import type { MetricsPoint } from "../data/rates.ts"
import { chartPoints, latestPoint } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Chart, chartColours } from "./chart.tsx"
import { ChartTable, TableButton } from "./chart-table.tsx"
import { Tile } from "./tile.tsx"
import { WithTooltip } from "./tooltip.tsx"

const QUANTILES = ["p50", "p99"] as const

/** The median and the 99th percentile of purchase times. */
export function Latency() {
  const say = words.value
  const colour = chartColours.value
  const asTable = useSignal(false)
  const data = useComputed<uPlot.AlignedData>(() => [
    chartPoints.value.map(point => point.at),
    chartPoints.value.map(point => point.p50),
    chartPoints.value.map(point => point.p99),
  ])
  const series = useMemo(() => QUANTILES.map(name => ({ name, color: colour(name) })), [colour])
  const now = latestPoint.value ?? { p50: null, p99: null }
  return (
    <Tile
      name="latency"
      title={say.latency}
      aside={
        <>
          <WithTooltip metric="p99" class="now">
            {milliseconds(now.p99)}
          </WithTooltip>
          <span class="tools">
            <TableButton shown={asTable} />
          </span>
        </>
      }
    >
      {asTable.value ? (
        <ChartTable
          label={say.latency}
          time={say.time}
          points={chartPoints.value}
          columns={QUANTILES.map(name => ({ name, of: row => milliseconds(slowest(row, name)) }))}
        />
      ) : (
        <Chart
          label={say.chartLatency(milliseconds(now.p50), milliseconds(now.p99))}
          series={series}
          data={data.value}
          unit={milliseconds}
        />
      )}
      <div class="legend">
        {QUANTILES.map(name => (
          <WithTooltip key={name} metric={name} class={`entry ${name}`}>
            {name} <b>{milliseconds(now[name])}</b>
          </WithTooltip>
        ))}
      </div>
    </Tile>
  )
}

/** The highest value of a table row. A mean would hide what was slow. */
function slowest(row: readonly MetricsPoint[], name: "p50" | "p99"): number | null {
  const known = row.flatMap(point => point[name] ?? [])
  return known.length > 0 ? Math.max(...known) : null
}
