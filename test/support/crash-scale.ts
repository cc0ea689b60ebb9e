/** How often something is repeated: in full where time is no matter, a little on a developer's machine. */
export function times(inCi: number, here: number): number {
  return process.env.CI === "true" ? inCi : here
}
