import { inLang } from "../common/lang.ts"
import { sale, sales } from "./state.ts"
import { words } from "./words.ts"

export function Others() {
  const others = sales.value.filter(one => one.id !== sale.value?.id)
  if (others.length === 0) return null
  const say = words.value
  const tags = { open: say.live, scheduled: say.opensTag, paused: say.pausedTag, closed: say.closedTag }
  return (
    <section class="others" aria-labelledby="others">
      <h2 id="others">{say.others}</h2>
      <ul>
        {others.map(one => (
          <li key={one.id}>
            <a href={inLang(`/sales/${one.id}`)}>
              <span>{one.name}</span>
              <small>{tags[one.state]}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
