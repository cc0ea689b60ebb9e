import { preciseTime } from "../common/format.ts"
import { Scroll } from "../common/scroll.tsx"
import { entries } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

export function Log() {
  const say = words.value
  return (
    <Tile name="log" title={say.log}>
      <Scroll label={say.log}>
        {entries.value.length === 0 && <p class="soft">{say.logEmpty}</p>}
        <ol data-testid="log">
          {entries.value.map(entry => (
            <li key={entry.id} data-tone={entry.tone}>
              <time>{preciseTime(entry.at)}</time> <span>{entry.text}</span>
            </li>
          ))}
        </ol>
      </Scroll>
    </Tile>
  )
}
