import { useComputed } from "@preact/signals"
import { useMemo } from "preact/hooks"
import type uPlot from "uplot"
import { count } from "../common/format.ts"
import { lang } from "../common/lang.ts"
import { Chart } from "./chart.tsx"
import { GROUPS, type Group, type Moment } from "./rates.ts"
import { latest, moments } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

/** One colour for one outcome. `control.css` has the same for the legend. */
const COLORS: Record<Group, string> = {
  sold: "#43d17f",
  held: "#ffb84d",
  limit: "#7ea8ff",
  sold_out: "#7b7d88",
  other: "#b48cff",
  busy: "#ff9d5c",
  unknown: "#ff6b62",
}

/** Attempts a second, stacked by outcome. */
export function Rate() {
  const say = words.value
  const data = useComputed(() => stack(moments.value))
  const series = useMemo(
    () => GROUPS.toReversed().map(group => ({ name: say.groups[group], color: COLORS[group], fill: COLORS[group] })),
    [say],
  )
  const now = latest.value
  const show = (value: number) => count(value, lang.value, value < 10 ? 1 : 0)
  const total = show(GROUPS.reduce((sum, group) => sum + (now?.perSecond[group] ?? 0), 0))
  return (
    <Tile name="rate" title={say.rate} help={say.rateHelp} aside={<strong class="now">{total}</strong>}>
      <Chart label={say.chartRate(total)} series={series} data={data.value} unit={show} />
      <ul class="legend">
        {GROUPS.map(group => (
          <li key={group} data-group={group}>
            {say.groups[group]} <b>{show(now?.perSecond[group] ?? 0)}</b>
          </li>
        ))}
      </ul>
    </Tile>
  )
}

/** Each line is the sum of itself and those below; the highest is drawn first, and the lower ones over it. */
function stack(history: readonly Moment[]): uPlot.AlignedData {
  const lines = GROUPS.map((_, index) =>
    history.map(({ perSecond }) => GROUPS.slice(0, index + 1).reduce((sum, group) => sum + perSecond[group], 0)),
  )
  return [history.map(moment => moment.at), ...lines.toReversed()]
}
