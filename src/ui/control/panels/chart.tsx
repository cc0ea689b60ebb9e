import { computed, signal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import uPlot from "uplot"
import { preciseTime } from "../../common/format.ts"
import type { OutcomeGroup } from "../data/rates.ts"

const light = matchMedia("(prefers-color-scheme: light)")
const isLight = signal(light.matches)
light.addEventListener("change", () => {
  isLight.value = light.matches
})

/** The colours of the style sheet, for canvases. */
export const chartColours = computed(() => {
  // Reading the signal makes this run again when the reader's colour scheme changes.
  isLight.value
  const style = getComputedStyle(document.documentElement)
  return (name: OutcomeGroup | "p50" | "p99" | "line" | "soft") => style.getPropertyValue(`--${name}`).trim()
})

interface ChartProps {
  label: string
  series: readonly { name: string; color: string; fill?: string }[]
  data: uPlot.AlignedData
  /** Formats a value on the vertical axis. */
  unit: (value: number) => string
}

/** The time axis grows with the data, between these two lengths. */
const WINDOW_MIN_SECONDS = 60
const WINDOW_MAX_SECONDS = 600
/** The top of the vertical axis when there is no data, so that the axis still has a scale. */
const TOP_MIN = 4

/** A chart of the last ten minutes. All charts of the page share one cursor. */
export function Chart({ label, series, data, unit }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const drawn = new uPlot(options(series, unit), data, element)
    plot.current = drawn
    const resize = new ResizeObserver(() => drawn.setSize(sizeOf(element)))
    resize.observe(element)
    return () => {
      resize.disconnect()
      drawn.destroy()
    }
    // Names and colours change with the language and the colour scheme, and need a new chart. Data do not: see below.
  }, [series])
  useEffect(() => plot.current?.setData(data) ?? undefined, [data])
  return <div class="chart" role="img" aria-label={label} ref={box} />
}

function options(series: ChartProps["series"], unit: ChartProps["unit"]): uPlot.Options {
  const colour = chartColours.value
  // A canvas has no rem unit, so letters are sized here to grow with the page's on a large screen.
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const axis = {
    stroke: colour("soft"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: `${0.8125 * rem}px system-ui, sans-serif`,
  }
  return {
    width: 300,
    height: 120,
    legend: { show: false },
    cursor: { sync: { key: "room" }, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: true, range: timeRange },
      y: { range: (_, __, max) => [0, Math.max(TOP_MIN, (max ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, size: 1.625 * rem, space: 5.6 * rem, values: (_, ticks) => ticks.map(clockTime) },
      { ...axis, size: 4.25 * rem, space: 1.75 * rem, values: (_, ticks) => ticks.map(unit) },
    ],
    series: [
      {},
      ...series.map(({ name, color, fill }) => ({
        label: name,
        stroke: color,
        ...(fill ? { fill, width: 0 } : { width: 2.5 }),
        points: { show: false },
      })),
    ],
  }
}

function timeRange(_: uPlot, first: number | null, last: number | null): [number, number] {
  const end = last ?? Date.now() / 1000
  const start = Math.min(end - WINDOW_MIN_SECONDS, Math.max(end - WINDOW_MAX_SECONDS, first ?? end))
  return [start, end]
}

export const clockTime = (seconds: number) => preciseTime(seconds * 1000).slice(0, 8)

function sizeOf(element: HTMLElement) {
  return { width: element.clientWidth, height: element.clientHeight }
}
