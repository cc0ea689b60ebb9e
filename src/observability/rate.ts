/** The share of the newest measurement in the next value. */
const SMOOTHING = 0.3

/** The next value of a rate that people read: it changes calmly and has one decimal. */
export function smoothed(before: number, measured: number): number {
  return Math.round((before + SMOOTHING * (measured - before)) * 10) / 10
}
