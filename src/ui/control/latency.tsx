import { useComputed } from "@preact/signals"
import type uPlot from "uplot"
import { tenths } from "../common/format.ts"
import { lang } from "../common/lang.ts"
import { Chart } from "./chart.tsx"
import { latest, moments } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

const SERIES = [
  { name: "p50", color: "#8fd3ff" },
  { name: "p99", color: "#f3a6ff" },
]

export function Latency() {
  const say = words.value
  const data = useComputed<uPlot.AlignedData>(() => [
    moments.value.map(moment => moment.at),
    moments.value.map(moment => moment.p50),
    moments.value.map(moment => moment.p99),
  ])
  const show = (ms: number | null | undefined) => (typeof ms === "number" ? `${tenths(ms, lang.value)} ms` : "–")
  const { p50, p99 } = latest.value ?? { p50: null, p99: null }
  return (
    <Tile name="latency" title={say.latency} help={say.latencyHelp} aside={<strong class="now">{show(p99)}</strong>}>
      <Chart label={say.chartLatency(show(p50), show(p99))} series={SERIES} data={data.value} unit={show} />
      <ul class="legend">
        <li data-group="p50">
          p50 <b>{show(p50)}</b>
        </li>
        <li data-group="p99">
          p99 <b>{show(p99)}</b>
        </li>
      </ul>
    </Tile>
  )
}
