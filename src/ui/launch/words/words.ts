import { effect, signal } from "@preact/signals"
import { lang } from "../../common/language.ts"
import { en, type Words } from "./en.ts"

/** What the page says, in the reader's language. */
export const words = signal<Words>(en)

/** The words are there. Until then nothing is shown, so that no sentence changes its language before the reader's eyes. */
export const spoken = Promise.withResolvers<void>()

// English comes with the page; nobody loads a language that they do not read.
effect(() => {
  const wanted = lang.value
  const load = wanted === "id" ? import("./id.ts").then(({ id }) => id) : Promise.resolve(en)
  load
    .then(found => {
      if (lang.peek() === wanted) words.value = found
    })
    .catch(() => {})
    .finally(spoken.resolve)
})
