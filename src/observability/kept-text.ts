import type { Clock } from "../runtime/time.ts"

/** How often the text of `/metrics` is made, however often it is asked for. */
export const METRICS_EVERY_MS = 1000

/**
 * Makes a text at most once every `ms`; those who ask in between get the last one, and those who ask at the same time share one.
 * A text that could not be made is not kept. Its first line is a comment that says from when it is.
 */
export function keptText(ms: number, make: () => Promise<string>, clock: Clock): () => Promise<string> {
  let kept: { text: Promise<string>; at: number } | undefined
  return () => {
    const now = clock.monotonic()
    const at = clock.now()
    if (kept && now - kept.at < ms) return kept.text
    const text = make().then(made => `# as of ${new Date(at).toISOString()}\n${made}`)
    const mine = { text, at: now }
    kept = mine
    text.catch(() => {
      if (kept === mine) kept = undefined
    })
    return text
  }
}
