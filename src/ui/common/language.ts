import { effect, signal } from "@preact/signals"

export const LANGUAGES = ["en", "id"] as const
export type Lang = (typeof LANGUAGES)[number]

function known(tag: string | null | undefined): Lang | undefined {
  // "in" is the old code of Indonesian, and some Android browsers still send it.
  const primary = tag?.toLowerCase().split("-")[0]
  return primary === "id" || primary === "in" ? "id" : primary === "en" ? "en" : undefined
}

/** `?lang` decides, then the browser's own list, then English. */
function chooseLang(search: string, preferred: readonly string[]): Lang {
  const asked = known(new URLSearchParams(search).get("lang"))
  return asked ?? preferred.map(known).find(lang => lang !== undefined) ?? "en"
}

export const lang = signal<Lang>(chooseLang(location.search, navigator.languages))

effect(() => {
  document.documentElement.lang = lang.value
})

/** Where `path` is read in the language that `?lang` asked for. */
export function inLang(path: string): string {
  return new URLSearchParams(location.search).has("lang") ? `${path}?lang=${lang.value}` : path
}

/** Changes the language where the reader stands: nothing reloads, so nothing that is under way is lost. */
export function speak(next: Lang): void {
  lang.value = next
  history.replaceState(null, "", `?lang=${next}`)
}
