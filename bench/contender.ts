import type { Customers } from "./load/customers.ts"
import type { ProcessName } from "./measure/proc.ts"

export const CONTENDERS = ["baseline", "embedded", "stack", "floor"] as const
export type ContenderName = (typeof CONTENDERS)[number]

/** What every attempt of a run ends in. */
export const CASES = ["accepted", "refused"] as const
export type Case = (typeof CASES)[number]

/** Where one run sends its purchases, and how the contender's own books tell what it sold. */
export interface Target {
  url: string
  body: string
  /** Units sold since the target was opened; the floor keeps no books. */
  sold?(): Promise<number>
  /** Seconds that the permanent record is behind right now; absent where answers wait for it. */
  lagSeconds?(): Promise<number>
}

export interface Running {
  processes(): Promise<ProcessName[]>
  /** Fresh stock for one run: units without end, or none left. */
  open(kind: Case): Promise<Target>
  /** The end of what its programs printed. */
  said?(): string
  stop(): Promise<void>
}

export interface Setting {
  /** A new, empty folder of this contender's own. */
  folder: string
  secret: string
  customers: Customers
}

export type Start = (setting: Setting) => Promise<Running>
