import { useComputed, useSignal } from "@preact/signals"
import { useMemo } from "preact/hooks"
import type uPlot from "uplot"
import { count } from "../../common/format.ts"
import { lang } from "../../common/language.ts"
import { GROUPS, type Group, type Moment } from "../data/rates.ts"
import { charted, frozen, latest, moments } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Chart } from "./chart.tsx"
import { colours } from "./chart-colours.ts"
import { ChartTable, mean } from "./chart-table.tsx"
import { Tile } from "./tile.tsx"
import { Explained } from "./tooltip.tsx"

/** Shown even while there are none; the others once there were some. */
const ALWAYS: readonly Group[] = ["sold", "sold_out"]

/** Are we fast? Attempts a second, stacked by outcome. */
export function Rate() {
  const say = words.value
  const colour = colours.value
  const asTable = useSignal(false)
  const data = useComputed(() => stack(charted.value))
  const series = useMemo(
    () => GROUPS.toReversed().map(group => ({ name: say.groups[group], color: colour(group), fill: colour(group) })),
    [say, colour],
  )
  const now = latest.value
  const total = show(sumOf(now))
  return (
    <Tile
      name="rate"
      title={say.rate}
      aside={
        <>
          <Explained topic="rate" class="now">
            {total}
          </Explained>
          <span class="tools">
            <button
              type="button"
              aria-pressed={frozen.value !== undefined}
              onClick={() => {
                frozen.value = frozen.value ? undefined : moments.value
              }}
            >
              {say.freeze}
            </button>
            <TableButton shown={asTable} />
          </span>
        </>
      }
    >
      {asTable.value ? (
        <ChartTable
          label={say.rate}
          time={say.time}
          points={charted.value}
          columns={GROUPS.map(group => ({
            name: say.groups[group],
            of: row => show(mean(row, moment => moment.perSecond[group])),
          }))}
        />
      ) : (
        <Chart label={say.chartRate(total)} series={series} data={data.value} unit={show} />
      )}
      <div class="legend">
        {GROUPS.filter(group => isShown(group, charted.value)).map(group => (
          <Explained key={group} topic={group} class={`entry ${group}`}>
            {say.groups[group]} <b>{show(now?.perSecond[group] ?? 0)}</b>
          </Explained>
        ))}
      </div>
    </Tile>
  )
}

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

const show = (value: number) => count(value, lang.value, value < 10 ? 1 : 0)

const sumOf = (moment: Moment | undefined) => GROUPS.reduce((sum, group) => sum + (moment?.perSecond[group] ?? 0), 0)

function isShown(group: Group, history: readonly Moment[]): boolean {
  return ALWAYS.includes(group) || history.some(({ perSecond }) => perSecond[group] > 0)
}

/** Each line is the sum of itself and those below; the highest is drawn first, and the lower ones over it. */
function stack(history: readonly Moment[]): uPlot.AlignedData {
  const lines = GROUPS.map((_, index) =>
    history.map(({ perSecond }) => GROUPS.slice(0, index + 1).reduce((sum, group) => sum + perSecond[group], 0)),
  )
  return [history.map(moment => moment.at), ...lines.toReversed()]
}
