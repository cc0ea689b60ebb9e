import type { Item } from "../../wire/wire.ts"
import type { AttackCounters } from "./counters.ts"

/** How an attack stands; to be read, not changed. */
export interface AttackProgress {
  seconds: number
  /** Purchases that the schedule holds. */
  planned: number
  counters: AttackCounters
  /** The item as it was before the attack. */
  item: Item
  /** The sale's name. */
  sale: string
}

/** Who watches an attack. */
export interface AttackObserver {
  /** The bots begin; `progress` may be asked at any time from now on. */
  started?(progress: () => AttackProgress): void
  /** Something worth knowing, in one sentence. */
  remark?(sentence: string): void
  /** A broken promise, in one sentence; the report will not be `ok`. */
  fault?(sentence: string): void
}
