import type { Customers } from "./load/customers.ts"
import type { ProcessName } from "./measure/proc.ts"

export const CONTENDERS = ["baseline", "embedded", "stack", "floor"] as const
export type ContenderName = (typeof CONTENDERS)[number]

/** How every attempt of a run ends. */
export const CASES = ["accepted", "refused"] as const
export type Case = (typeof CASES)[number]

/** Where one run sends its purchases, and how to read what the contender itself says it sold. */
export interface Target {
  /** With `spread`, an @ stands for the number of a sale. */
  url: string
  /** Attempts go to so many sales in turn, numbered from 1. */
  spread?: number
  body: string
  /** Units sold since the target was opened. Absent for the floor, which stores nothing. */
  sold?(): Promise<number>
  /** How many seconds the permanent record is behind now. Absent where answers wait for it. */
  lagSeconds?(): Promise<number>
}

export interface Running {
  processes(): Promise<ProcessName[]>
  /** New stock for one run: more units than it can sell, or so many, or none. */
  open(kind: Case, units?: number): Promise<Target>
  /** Where it keeps its data. */
  folders?(): { name: string; path: string }[]
  /** The last lines that its programs printed. */
  said?(): string
  stop(): Promise<void>
}

export interface Setting {
  /** A new, empty folder for this contender. */
  folder: string
  secret: string
  customers: Customers
  /** Settings of a Doorbuster beside those of every benchmark. */
  env?: Record<string, string>
}

export type Start = (setting: Setting) => Promise<Running>
