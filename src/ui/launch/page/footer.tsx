import { LanguageLinks } from "../../common/language-links.tsx"
import { words } from "../words/words.ts"

export function Footer() {
  const say = words.value
  return (
    <footer class="foot">
      <LanguageLinks label={say.language} />
      <a href="/docs">{say.docs}</a>
    </footer>
  )
}
