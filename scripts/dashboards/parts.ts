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

/** The colour for values from `from` upwards. The first step also covers lower values. */
export type Step = [from: number, color: string]

export interface PanelText {
  title: string
  /** What the panel shows and how to read it, in one or two sentences. */
  about: string
  unit: string
}

export interface StatParts extends PanelText {
  expr: string
  width: number
  steps: Step[]
  /** Texts that replace numbers. */
  says?: Record<string, [text: string, color: string]>
  /** Fills the tile with its colour, so that it can be seen from a distance. */
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
  // Words scale to their tile; numbers all have one size.
  if (!says) panel.text(new VizTextDisplayOptionsBuilder().valueSize(56))
  if (decimals !== undefined) panel.decimals(decimals)
  return says ? panel.mappings([mapping(says)]) : panel
}

export interface Line {
  expr: string
  /** `{{label}}` is replaced by the label's value. */
  legend: string
}

export interface GraphParts extends PanelText {
  lines: Line[]
  width: number
  height?: number
  /** The colour of each line, by its name. */
  colors?: Record<string, string>
  isStacked?: boolean
  /** Draws steps instead of slopes, for values that jump. */
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
