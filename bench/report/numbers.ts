export function median(values: number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Thousands by commas, so that columns of different lengths are not misread. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en")
}

/** Three figures are all that such measurements are good for. */
export function three(value: number): string {
  if (!Number.isFinite(value)) return "-"
  return value >= 100 ? whole(value) : value.toPrecision(3)
}
