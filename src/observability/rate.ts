/** Weight of the newest measurement. */
const SMOOTHING = 0.3

/** The next value of a rate that is shown: calm, and with one decimal. */
export function smoothed(before: number, measured: number): number {
  return Math.round((before + SMOOTHING * (measured - before)) * 10) / 10
}
