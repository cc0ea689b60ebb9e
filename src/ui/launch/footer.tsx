import { Languages } from "../common/languages.tsx"
import { words } from "./words.ts"

export function Footer() {
  const say = words.value
  return (
    <footer class="foot">
      <Languages label={say.language} />
      <a href="/docs">{say.docs}</a>
    </footer>
  )
}
