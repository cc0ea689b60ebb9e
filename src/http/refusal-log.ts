import type { Log } from "../observability/log.ts"
import type { Time } from "../runtime/time.ts"

/** How long refusals are added up, so that a flood of them is one line. */
const WRITE_AFTER_MS = 10_000
/** Who may not, and who asks too often. */
const WATCHED: ReadonlySet<number> = new Set([401, 403, 429])

/** Adds up the refusals that somebody should look at, and logs how many there were of each kind. */
export class RefusalLog {
  readonly #counts = new Map<string, number>()
  #isWaiting = false

  constructor(
    private readonly log: Pick<Log, "warn">,
    private readonly time: Time,
  ) {}

  /** `code` and `reason` are words of this program and never of a request, so that there are few kinds. */
  count({ status, code, reason }: { status: number; code: string; reason?: string | undefined }): void {
    if (!WATCHED.has(status)) return
    const kind = [status, code, reason].filter(Boolean).join(" ")
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.time.after(WRITE_AFTER_MS, () => this.#write())
  }

  #write(): void {
    this.#isWaiting = false
    this.log.warn({ refusals: Object.fromEntries(this.#counts), seconds: WRITE_AFTER_MS / 1000 }, "requests refused")
    this.#counts.clear()
  }
}
