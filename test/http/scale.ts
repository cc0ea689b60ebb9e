/** CI looks further than the machine of someone who waits. */
export function scale<Size>(inCi: Size, here: Size): Size {
  return process.env.CI === "true" ? inCi : here
}

/** A failure prints its seed; `FUZZ_SEED=...` repeats it. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
