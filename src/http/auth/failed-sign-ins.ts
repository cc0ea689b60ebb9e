import { addedUp, type FailedSignIns, type Logbook } from "../../core/ports/logbook.ts"
import type { Log } from "../../observability/log.ts"
import type { Time } from "../../runtime/time.ts"

const MINUTE_MS = 60_000
/** How long counts wait to be written, so that an attack costs one write a second. */
const WRITE_AFTER_MS = 1000
/** Subnets that are named in one minute. An attacker who has more fills no memory and no file with them. */
const SUBNETS_MAX = 50

/** Counts wrong tokens by minute and subnet, and hands the counts to the logbook. */
export class FailedSignInCounter {
  #waiting: FailedSignIns[] = []
  #timer: Disposable | undefined
  /** The subnets that the present minute names. */
  #named = { at: 0, subnets: new Set<string>() }

  constructor(
    private readonly logbook: Logbook,
    private readonly log: Pick<Log, "warn" | "error">,
    private readonly time: Time,
  ) {}

  add(subnet: string): void {
    const at = Math.floor(this.time.now() / MINUTE_MS) * MINUTE_MS
    if (this.#named.at !== at) this.#named = { at, subnets: new Set() }
    const { subnets } = this.#named
    if (subnets.size < SUBNETS_MAX) subnets.add(subnet)
    this.#waiting = addedUp(this.#waiting, [{ at, subnet: subnets.has(subnet) ? subnet : "others", count: 1 }])
    this.#timer ??= this.time.after(WRITE_AFTER_MS, () => void this.flush())
  }

  /** Hands over what was counted. Never rejects. */
  async flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    const rows = this.#waiting
    if (rows.length === 0) return
    this.#waiting = []
    this.log.warn({ failures: rows }, "wrong administrators' tokens")
    await this.logbook.addFailures(rows).catch((error: Error) => {
      this.log.error({ error: error.message }, "the logbook could not be written")
    })
  }
}
