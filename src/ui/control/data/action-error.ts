import type { Answer } from "../../common/api.ts"
import { log } from "./state.ts"
import { words } from "../words/words.ts"

/** Why something was not done; nothing when it was. */
export type Refusal = { sentence: string /** The field that is wrong. */; path?: string } | undefined

export function refusalOf({ status, problem }: Answer<unknown>): Refusal {
  if (problem) return { sentence: problem.detail, path: problem.path }
  return status === 0 || status >= 400 ? { sentence: words.value.noAnswer } : undefined
}

/** A refusal that no dialog shows is news. */
export function complain(refusal: Refusal): void {
  if (refusal) log(refusal.sentence, "bad")
}
