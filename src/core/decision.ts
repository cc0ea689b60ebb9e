import type { Answer } from "./command.ts"
import type { Applied, Transition } from "./transition.ts"

/** An answer that needs nothing of the store, or a plan. */
export type Decision = Answer | Plan

/** A transition, and what to answer once a store has applied it. */
export interface Plan {
  transition: Transition
  answer(applied: Applied): Answer
}
