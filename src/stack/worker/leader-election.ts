import type { Leadership, Ledger } from "../../core/ports/ledger.ts"
import type { Log } from "../../observability/log.ts"
import { type Loop, loop } from "./retry-loop.ts"

/** How soon a follower sees that there is no leader. */
const FOLLOW_MS = 500

export interface LeaderElection extends Loop {
  readonly isLeading: boolean
  /** Whether it is known by now who leads. */
  readonly isDecided: boolean
}

/**
 * Any number of workers may run; the one that leads does the `duties`, until it is stopped or has lost the lead. They
 * are given the signal that it is lost.
 */
export function electLeader(ledger: Ledger, duties: (lost: AbortSignal) => Loop[], log: Log): LeaderElection {
  let isStopping = false
  let isDecided = false
  let endTerm: (() => void) | undefined

  async function serveTerm({ lost }: Leadership): Promise<void> {
    log.info("leads")
    const over = Promise.withResolvers<void>()
    endTerm = over.resolve
    lost.addEventListener("abort", endTerm)
    const loops = duties(lost)
    if (!lost.aborted && !isStopping) await over.promise
    await Promise.all(loops.map(each => each.stop()))
    endTerm = undefined
    log.info(lost.aborted ? "has lost the lead" : "resigns")
  }

  const term = loop(
    "lead",
    async well => {
      const leadership = await ledger.lead()
      isDecided = true
      if (!leadership) return FOLLOW_MS
      well()
      try {
        await serveTerm(leadership)
      } finally {
        await leadership.resign()
      }
      return 0
    },
    log,
  )
  return {
    get fault() {
      return term.fault
    },
    get isDecided() {
      return isDecided
    },
    get isLeading() {
      return endTerm !== undefined
    },
    stop() {
      isStopping = true
      endTerm?.()
      return term.stop()
    },
  }
}
