const STEP_MS = 10
/** Only a hanging system takes this long, even on a busy machine. */
const BOUND_MS = 60_000

/** Waits until `ask` has a value, and fails with `what` when it has none for too long. */
export async function eventually<Value>(
  what: string,
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
  boundMs = BOUND_MS,
): Promise<Value> {
  const until = performance.now() + boundMs
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (performance.now() > until) throw new Error(`Not within ${boundMs} ms: ${what}.`)
    await Bun.sleep(STEP_MS)
  }
}
