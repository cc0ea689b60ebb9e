import { inLang } from "../common/lang.ts"
import { Languages } from "../common/languages.tsx"
import { words } from "./words.ts"

export function Footer() {
  const say = words.value
  return (
    <footer class="foot">
      <Languages label={say.language} />
      <a href={inLang("/control")}>{say.control}</a>
    </footer>
  )
}
