import type { Item } from "../../wire/wire.ts"
import type { AttackCounters } from "./counters.ts"

/** The state of a running attack, for reading only. */
export interface AttackProgress {
  seconds: number
  /** How many purchases the schedule holds. */
  planned: number
  counters: AttackCounters
  /** The item as it was before the attack. */
  item: Item
  /** The sale's name. */
  sale: string
}

/** Receives the events of an attack. */
export interface AttackObserver {
  /** The bots begin. From now on `progress` may be called at any time. */
  started?(progress: () => AttackProgress): void
  /** Something worth knowing, in one sentence. */
  remark?(sentence: string): void
  /** A broken promise, in one sentence. The report will not be `ok`. */
  fault?(sentence: string): void
}
