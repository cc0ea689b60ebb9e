export function median(values: number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** With commas between thousands, so that numbers of different lengths are easy to compare. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en")
}

/** Three significant digits: these measurements are not more precise. */
export function three(value: number): string {
  if (!Number.isFinite(value)) return "-"
  return value >= 100 ? whole(value) : value.toPrecision(3)
}
