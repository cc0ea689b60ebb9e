import { LANGUAGES, language, setLanguage } from "./language.ts"

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
