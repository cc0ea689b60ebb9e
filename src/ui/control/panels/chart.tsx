import { useEffect, useRef } from "preact/hooks"
import uPlot from "uplot"
import { preciseTime } from "../../common/format.ts"
import { colours } from "./chart-colours.ts"

export interface Chart {
  label: string
  series: readonly { name: string; color: string; fill?: string }[]
  data: uPlot.AlignedData
  /** A value on the axis. */
  unit: (value: number) => string
}

/** The window grows with what there is to show, up to ten minutes. */
const WINDOW_MIN_SECONDS = 60
const WINDOW_MAX_SECONDS = 600
/** An axis that is empty still has a scale to be read. */
const TOP_MIN = 4

/** A chart of the last ten minutes. Every chart of the page shares one cursor. */
export function Chart({ label, series, data, unit }: Chart) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  useEffect(() => {
    const element = box.current!
    plot.current = new uPlot(options(series, unit), data, element)
    const fit = new ResizeObserver(() => plot.current!.setSize(sizeOf(element)))
    fit.observe(element)
    return () => {
      fit.disconnect()
      plot.current?.destroy()
    }
    // Names and colours change with the reader, and the chart with them; its data come below.
  }, [series])
  useEffect(() => plot.current?.setData(data) ?? undefined, [data])
  return <div class="chart" role="img" aria-label={label} ref={box} />
}

function options(series: Chart["series"], unit: Chart["unit"]): uPlot.Options {
  const colour = colours.value
  // A canvas knows no rem: on a wall its letters grow with the others.
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
      x: { time: true, range: windowOf },
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
        fill,
        width: fill ? 0 : 2.5,
        points: { show: false },
      })),
    ],
  }
}

function windowOf(_: uPlot, first: number | null, last: number | null): [number, number] {
  const end = last ?? Date.now() / 1000
  const start = Math.min(end - WINDOW_MIN_SECONDS, Math.max(end - WINDOW_MAX_SECONDS, first ?? end))
  return [start, end]
}

export const clockTime = (seconds: number) => preciseTime(seconds * 1000).slice(0, 8)

function sizeOf(element: HTMLElement) {
  return { width: element.clientWidth, height: element.clientHeight }
}
