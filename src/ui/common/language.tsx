import { effect, signal } from "@preact/signals"

const LANGUAGES = ["en", "id"] as const
export type Language = (typeof LANGUAGES)[number]

function supported(tag: string | null | undefined): Language | undefined {
  // "in" is the old code for Indonesian. Some Android browsers still send it.
  const primary = tag?.toLowerCase().split("-")[0]
  return primary === "id" || primary === "in" ? "id" : primary === "en" ? "en" : undefined
}

/** `?lang` decides, then the browser's own list, then English. */
function chooseLanguage(search: string, preferred: readonly string[]): Language {
  const asked = supported(new URLSearchParams(search).get("lang"))
  return asked ?? preferred.map(supported).find(found => found !== undefined) ?? "en"
}

export const language = signal<Language>(chooseLanguage(location.search, navigator.languages))

effect(() => {
  document.documentElement.lang = language.value
})

/** Adds `?lang` to `path` if this page was opened with it. */
export function withLanguage(path: string): string {
  return new URLSearchParams(location.search).has("lang") ? `${path}?lang=${language.value}` : path
}

/** Changes the language without a reload, so that a purchase under way continues. */
function setLanguage(next: Language): void {
  language.value = next
  history.replaceState(null, "", `?lang=${next}`)
}

const NAMES = { en: "English", id: "Bahasa Indonesia" }

/** Links to each language. They can be shared or opened in a new tab; a plain click changes the language in place. */
export function LanguageLinks({ label }: { label: string }) {
  return (
    <nav class="languages" aria-label={label}>
      {LANGUAGES.map(one => (
        <a
          key={one}
          href={`?lang=${one}`}
          lang={one}
          hreflang={one}
          aria-current={one === language.value ? "true" : undefined}
          onClick={event => {
            event.preventDefault()
            setLanguage(one)
          }}
        >
          {NAMES[one]}
        </a>
      ))}
    </nav>
  )
}
