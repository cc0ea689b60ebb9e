import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common"
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMap,
} from "@grafana/grafana-foundation-sdk/dashboard"
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus"
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat"
import { PanelBuilder as Graph } from "@grafana/grafana-foundation-sdk/timeseries"

/** deploy/grafana/provisioning gives the data source this name. */
export const PROMETHEUS = { type: "prometheus", uid: "prometheus" }

/** From this value on, this colour. The first has no lower end. */
export type Step = [from: number, color: string]

export interface Words {
  title: string
  /** What it means and what to make of it, in a sentence or two. */
  about: string
  unit: string
}

export interface StatParts extends Words {
  expr: string
  width: number
  steps: Step[]
  /** What to write instead of a number. */
  says?: Record<string, [text: string, color: string]>
  /** Fills the tile with its colour: for what must be seen from the other end of the room. */
  isFilled?: boolean
  decimals?: number
}

/** One big number. */
export function stat({ title, about, unit, expr, width, steps, says, isFilled, decimals }: StatParts): Stat {
  const panel = new Stat()
    .title(title)
    .description(about)
    .datasource(PROMETHEUS)
    .span(width)
    .height(5)
    .unit(unit)
    .noValue("–")
    .thresholds(thresholds(steps))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(isFilled ? BigValueColorMode.BackgroundSolid : BigValueColorMode.Value)
    .graphMode(isFilled ? BigValueGraphMode.None : BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .withTarget(query("A", expr))
  // A word is made to fit its tile; numbers are all of one size.
  if (!says) panel.text(new VizTextDisplayOptionsBuilder().valueSize(56))
  if (decimals !== undefined) panel.decimals(decimals)
  return says ? panel.mappings([mapping(says)]) : panel
}

export interface Line {
  expr: string
  /** `{{label}}` stands for a label's value. */
  legend: string
}

export interface GraphParts extends Words {
  lines: Line[]
  width: number
  height?: number
  /** By the name of the line. */
  colors?: Record<string, string>
  isStacked?: boolean
  /** Steps from one value to the next instead of slopes: for what jumps. */
  isStepped?: boolean
  steps?: Step[]
  max?: number
}

/** Lines over time. */
export function graph(parts: GraphParts): Graph {
  const { title, about, unit, lines, width, height = 8, colors = {}, isStacked, isStepped, steps, max } = parts
  const panel = new Graph()
    .title(title)
    .description(about)
    .datasource(PROMETHEUS)
    .span(width)
    .height(height)
    .interval("1s")
    .unit(unit)
    .min(0)
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(isStepped ? LineInterpolation.StepAfter : LineInterpolation.Linear)
    .lineWidth(isStacked ? 1 : 2)
    .fillOpacity(isStacked ? 70 : 10)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs(["lastNotNull"]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .targets(lines.map(({ expr, legend }, at) => query(String.fromCharCode(65 + at), expr, legend)))
  if (isStacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"))
  if (steps) panel.thresholds(thresholds(steps))
  if (max !== undefined) panel.max(max)
  for (const [name, color] of Object.entries(colors)) panel.overrideByName(name, [fixed(color)])
  return panel
}

function query(refId: string, expr: string, legend?: string): DataqueryBuilder {
  const target = new DataqueryBuilder().refId(refId).datasource(PROMETHEUS).expr(expr).range()
  return legend === undefined ? target : target.legendFormat(legend)
}

function thresholds([first, ...more]: Step[]): ThresholdsConfigBuilder {
  const steps = [{ value: null, color: first![1] }, ...more.map(([value, color]) => ({ value, color }))]
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

function mapping(says: Record<string, [text: string, color: string]>): ValueMap {
  const options = Object.entries(says).map(([value, [text, color]], index) => [value, { text, color, index }] as const)
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) }
}

const fixed = (color: string) => ({ id: "color", value: { mode: FieldColorModeId.Fixed, fixedColor: color } })
