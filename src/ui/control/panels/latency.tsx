import { useComputed, useSignal } from "@preact/signals"
import { useMemo } from "preact/hooks"
import type uPlot from "uplot"
import { count, tenths } from "../../common/format.ts"
import { lang } from "../../common/language.ts"
import type { Moment } from "../data/rates.ts"
import { charted, latest } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Chart } from "./chart.tsx"
import { colours } from "./chart-colours.ts"
import { ChartTable } from "./chart-table.tsx"
import { TableButton } from "./request-rate.tsx"
import { Tile } from "./tile.tsx"
import { Explained } from "./tooltip.tsx"

const NAMES = ["p50", "p99"] as const

/** Are we fast? What the middle purchase and the slowest hundredth took. */
export function Latency() {
  const say = words.value
  const colour = colours.value
  const asTable = useSignal(false)
  const data = useComputed<uPlot.AlignedData>(() => [
    charted.value.map(moment => moment.at),
    charted.value.map(moment => moment.p50),
    charted.value.map(moment => moment.p99),
  ])
  const series = useMemo(() => NAMES.map(name => ({ name, color: colour(name) })), [colour])
  const now = latest.value ?? { p50: null, p99: null }
  return (
    <Tile
      name="latency"
      title={say.latency}
      aside={
        <>
          <Explained topic="p99" class="now">
            {milliseconds(now.p99)}
          </Explained>
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
          points={charted.value}
          columns={NAMES.map(name => ({ name, of: row => milliseconds(greatest(row, name)) }))}
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
        {NAMES.map(name => (
          <Explained key={name} topic={name} class={`entry ${name}`}>
            {name} <b>{milliseconds(now[name])}</b>
          </Explained>
        ))}
      </div>
    </Tile>
  )
}

export function milliseconds(ms: number | null | undefined): string {
  if (typeof ms !== "number") return "–"
  return `${ms < 100 ? tenths(ms, lang.value) : count(ms, lang.value)} ms`
}

/** A mean would hide what was slow. */
function greatest(row: readonly Moment[], name: "p50" | "p99"): number | null {
  const known = row.flatMap(moment => moment[name] ?? [])
  return known.length > 0 ? Math.max(...known) : null
}
