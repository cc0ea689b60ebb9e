import { effect, signal } from "@preact/signals"
import { language } from "../../common/language.tsx"
import { en, type LaunchWords } from "./en.ts"

/** The texts of the page in the reader's language. */
export const words = signal<LaunchWords>(en)

/** Resolves when the texts are there. The page is shown only then, so that no text changes its language in view. */
export const wordsLoaded = Promise.withResolvers<void>()

// English is part of the page's script. Indonesian is loaded only for those who read it.
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
