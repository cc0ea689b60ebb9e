import { median } from "../report/numbers.ts"

/** Purchases a second in one round, of each commit, measured one right after the other. */
export interface Pair {
  before: number
  after: number
}

export interface Verdict {
  /** Of the later commit's rate to the earlier one's: the median over the rounds. */
  ratio: number
  /** How much one and the same commit differs from round to round, as a share of its median. */
  spread: number
  /** Slower by more than what the rounds differ by themselves. */
  isSlower: boolean
}

/** Rates of one run only: those of separate runs differ by up to 30 % on the same machine. */
export function judge(pairs: readonly Pair[]): Verdict {
  const ratio = median(pairs.map(({ before, after }) => after / before))
  const spread = Math.max(spreadOf(pairs.map(({ before }) => before)), spreadOf(pairs.map(({ after }) => after)))
  return { ratio, spread, isSlower: ratio < 1 - spread }
}

/** Between the quarters of the sorted values lies the middle half: one disturbed round does not widen it. */
function spreadOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const quarter = Math.floor(sorted.length / 4)
  return (sorted.at(-1 - quarter)! - sorted[quarter]!) / median(sorted)
}
