import type { Item, Sale } from "../../../wire/wire.ts"
import { clock } from "../../common/clock.ts"
import { count, money, tenths } from "../../common/format.ts"
import { lang } from "../../common/language.ts"
import type { Topic } from "../data/queries.ts"
import { asking, checkedAt, sale, violations } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Steering } from "./sale-controls.tsx"
import { Tile } from "./tile.tsx"
import { Explained } from "./tooltip.tsx"

const adds = ({ free, held, sold, total }: Item) => free + held + sold === total && Math.min(free, held, sold) >= 0

/** Are we right? Every unit of every item is sold, held or free. */
export function Stock() {
  const say = words.value
  const shown = sale.value
  const bad = (violations.value ?? 0) > 0 || (shown?.items.some(item => !adds(item)) ?? false)
  return (
    <Tile name="stock" title={say.stock} bad={bad} aside={shown && <Steering shown={shown} />}>
      {shown ? (
        <ul class="items">
          {shown.items.map(item => (
            <Bar key={item.sku} item={item} shown={shown} />
          ))}
        </ul>
      ) : (
        <p>{say.noSale}</p>
      )}
    </Tile>
  )
}

function Bar({ item, shown }: { item: Item; shown: Sale }) {
  const say = words.value
  const show = (value: number) => count(value, lang.value)
  const numbers = [show(item.total), show(item.free), show(item.held), show(item.sold)] as const
  const age = tenths(Math.max(0, clock.value - checkedAt.value) / 1000, lang.value)
  return (
    <li class="item" data-testid={`item-${item.sku}`}>
      <div class="figures">
        <Units name="sold" topic="unitsSold" value={numbers[3]} of={shown.id} />
        <Units name="held" topic="unitsHeld" value={numbers[2]} of={shown.id} />
        <Units name="free" topic="unitsFree" value={numbers[1]} of={shown.id} />
        <p class="item-name">
          <strong>{item.name}</strong> <span class="soft">{money(item.price, lang.value)}</span>
        </p>
        <button type="button" aria-label={`${say.restock} ${item.name}`} onClick={() => restock(shown, item)}>
          {say.restock}
        </button>
      </div>
      <svg class="bar" viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label={say.adds(...numbers)}>
        <rect class="free" width="1000" height="40" />
        <rect class="held" width={part(item.sold + item.held, item)} height="40" />
        <rect class="sold" width={part(item.sold, item)} height="40" />
      </svg>
      <p class={adds(item) ? "soft sum" : "wrong sum"} data-testid="conservation">
        {adds(item)
          ? `${say.adds(...numbers)}, ${say.checked(age)}`
          : say.broken(numbers[0], show(item.free + item.held + item.sold))}
      </p>
    </li>
  )
}

const part = (units: number, { total }: Item) => (total === 0 ? 0 : Math.min(1000, (1000 * units) / total))

interface Units {
  name: "sold" | "held" | "free"
  topic: Topic
  value: string
  of: string
}

function Units({ name, topic, value, of }: Units) {
  return (
    <Explained topic={topic} of={of} class={`figure ${name}`}>
      <strong>{value}</strong> {words.value[name]}
    </Explained>
  )
}

function restock(sale: Sale, item: Item): void {
  asking.value = { kind: "restock", sale, item }
}
