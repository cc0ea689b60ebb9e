import { effect, signal } from "@preact/signals"
import { language } from "../../common/language.ts"
import { en, type LaunchWords } from "./en.ts"

/** What the page says, in the reader's language. */
export const words = signal<LaunchWords>(en)

/** The words are there. Until then nothing is shown, so that no sentence changes its language before the reader's eyes. */
export const wordsLoaded = Promise.withResolvers<void>()

// English comes with the page; nobody loads a language that they do not read.
effect(() => {
  const wanted = language.value
  const load = wanted === "id" ? import("./id.ts").then(({ id }) => id) : Promise.resolve(en)
  load
    .then(found => {
      if (language.peek() === wanted) words.value = found
    })
    .catch(() => {})
    .finally(wordsLoaded.resolve)
})
