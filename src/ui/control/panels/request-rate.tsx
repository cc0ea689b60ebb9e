import { useComputed, useSignal } from "@preact/signals"
import { useMemo } from "preact/hooks"
import type uPlot from "uplot"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { type MetricsPoint, OUTCOME_GROUPS, type OutcomeGroup } from "../data/rates.ts"
import { chartPoints, frozenPoints, latestPoint, points } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Chart, chartColours } from "./chart.tsx"
import { ChartTable, TableButton } from "./chart-table.tsx"
import { Tile } from "./tile.tsx"
import { WithTooltip } from "./tooltip.tsx"

/** The legend always shows these groups, and every other one that has occurred. */
const ALWAYS_SHOWN: readonly OutcomeGroup[] = ["sold", "sold_out"]

/** Purchase attempts per second, stacked by group of outcomes. */
export function RequestRate() {
  const say = words.value
  const colour = chartColours.value
  const asTable = useSignal(false)
  const data = useComputed(() => stack(chartPoints.value))
  const series = useMemo(
    () =>
      OUTCOME_GROUPS.toReversed().map(group => ({
        name: say.groups[group],
        color: colour(group),
        fill: colour(group),
      })),
    [say, colour],
  )
  const now = latestPoint.value
  const total = show(OUTCOME_GROUPS.reduce((sum, group) => sum + (now?.perSecond[group] ?? 0), 0))
  return (
    <Tile
      name="rate"
      title={say.rate}
      aside={
        <>
          <WithTooltip metric="rate" class="now">
            {total}
          </WithTooltip>
          <span class="tools">
            <FreezeButton />
            <TableButton shown={asTable} />
          </span>
        </>
      }
    >
      {asTable.value ? (
        <ChartTable
          label={say.rate}
          time={say.time}
          points={chartPoints.value}
          columns={OUTCOME_GROUPS.map(group => ({ name: say.groups[group], of: row => show(mean(row, group)) }))}
        />
      ) : (
        <Chart label={say.chartRate(total)} series={series} data={data.value} unit={show} />
      )}
      <div class="legend">
        {OUTCOME_GROUPS.filter(group => isShown(group, chartPoints.value)).map(group => (
          <WithTooltip key={group} metric={group} class={`entry ${group}`}>
            {say.groups[group]} <b>{show(now?.perSecond[group] ?? 0)}</b>
          </WithTooltip>
        ))}
      </div>
    </Tile>
  )
}

/** Freezes both charts, or lets them go on. */
function FreezeButton() {
  const toggle = () => {
    frozenPoints.value = frozenPoints.value ? undefined : points.value
  }
  return (
    <button type="button" aria-pressed={frozenPoints.value !== undefined} onClick={toggle}>
      {words.value.freeze}
    </button>
  )
}

const show = (value: number) => count(value, language.value, value < 10 ? 1 : 0)

function isShown(group: OutcomeGroup, history: readonly MetricsPoint[]): boolean {
  return ALWAYS_SHOWN.includes(group) || history.some(({ perSecond }) => perSecond[group] > 0)
}

function mean(row: readonly MetricsPoint[], group: OutcomeGroup): number {
  return row.reduce((sum, { perSecond }) => sum + perSecond[group], 0) / Math.max(1, row.length)
}

/** Each line is the sum of its group and those below. The highest is drawn first, and the lower ones cover it. */
function stack(history: readonly MetricsPoint[]): uPlot.AlignedData {
  const lines = OUTCOME_GROUPS.map((_, index) =>
    history.map(({ perSecond }) =>
      OUTCOME_GROUPS.slice(0, index + 1).reduce((sum, group) => sum + perSecond[group], 0),
    ),
  )
  return [history.map(point => point.at), ...lines.toReversed()]
}
