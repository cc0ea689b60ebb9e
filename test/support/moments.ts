/** Waits until a random moment within the next `maxMs`, and returns how long that was. Faults come at any moment. */
export async function randomMoment(maxMs: number): Promise<number> {
  const ms = Math.random() * maxMs
  await Bun.sleep(ms)
  return ms
}

/** Waits until `ms` after `since`, a time of `performance.now()`. */
export async function momentAfter(since: number, ms: number): Promise<void> {
  await Bun.sleep(Math.max(0, since + ms - performance.now()))
}
