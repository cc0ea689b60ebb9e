import type { Answer } from "./command.ts"
import type { Applied, Transition } from "./transition.ts"

/** An answer that the store need not check, or a plan. */
export type Decision = Answer | Plan

/** A transition, and the answer to give once a store has applied it. */
export interface Plan {
  transition: Transition
  answer(applied: Applied): Answer
}
