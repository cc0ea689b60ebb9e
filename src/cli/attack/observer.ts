import type { Item } from "../../wire/wire.ts"
import type { Tally } from "./counters.ts"

/** How an attack stands; to be read, not changed. */
export interface Progress {
  seconds: number
  /** Purchases that the schedule holds. */
  planned: number
  tally: Tally
  /** The item as it was before the attack. */
  item: Item
  /** The sale's name. */
  sale: string
}

/** Who watches an attack. */
export interface Observer {
  /** The bots begin; `progress` may be asked at any time from now on. */
  started?(progress: () => Progress): void
  /** Something worth knowing, in one sentence. */
  remark?(sentence: string): void
  /** A broken promise, in one sentence; the report will not be `ok`. */
  fault?(sentence: string): void
}
