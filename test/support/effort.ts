/** How much a test does: `brief` in minutes for someone who waits, `full` in CI, `night` where hours do not matter. */
type Effort = "brief" | "full" | "night"

/** With CI=true every test runs, at full size. */
export const IN_CI = process.env.CI === "true"
const EFFORT: Effort = process.env.TEST_EFFORT === "night" ? "night" : IN_CI ? "full" : "brief"

/** How often something is repeated, or how large it is. */
export function effort<Size>(full: Size, brief: Size, night = full): Size {
  return { brief, full, night }[EFFORT]
}

/** For one test of a store: it takes milliseconds, but the machine may be busy with other things. */
export const TEST_MAX_MS = 30_000

/** A failure prints its seed; `FUZZ_SEED=...` repeats it. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
