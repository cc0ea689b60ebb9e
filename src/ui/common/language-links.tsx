import { LANGUAGES, lang, speak } from "./language.ts"

const NAMES = { en: "English", id: "Bahasa Indonesia" }

/** Links, so that they can be shared and opened anew; followed in place, so that nothing under way is lost. */
export function Languages({ label }: { label: string }) {
  return (
    <nav class="languages" aria-label={label}>
      {LANGUAGES.map(one => (
        <a
          key={one}
          href={`?lang=${one}`}
          lang={one}
          hreflang={one}
          aria-current={one === lang.value ? "true" : undefined}
          onClick={event => {
            event.preventDefault()
            speak(one)
          }}
        >
          {NAMES[one]}
        </a>
      ))}
    </nav>
  )
}
