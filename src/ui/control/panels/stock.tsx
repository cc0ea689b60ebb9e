import type { Item, Sale } from "../../../wire/wire.ts"
import { count, money, tenths } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { clock } from "../../common/time.ts"
import type { MetricName } from "../data/queries.ts"
import { mayChange } from "../data/session.ts"
import { checkedAt, openDialog, sale, violations } from "../data/state.ts"
import { words } from "../words/words.ts"
import { SaleControls } from "./sale-controls.tsx"
import { Tile } from "./tile.tsx"
import { WithTooltip } from "./tooltip.tsx"

const addsUp = ({ free, held, sold, total }: Item) => free + held + sold === total && Math.min(free, held, sold) >= 0

/** The stock of each item, and whether free, held and sold add up to the total. */
export function Stock() {
  const say = words.value
  const shown = sale.value
  const bad = (violations.value ?? 0) > 0 || (shown?.items.some(item => !addsUp(item)) ?? false)
  return (
    <Tile name="stock" title={say.stock} bad={bad} aside={shown && <SaleControls sale={shown} />}>
      {shown ? (
        <ul class="items">
          {shown.items.map(item => (
            <ItemStock key={item.sku} item={item} sale={shown} />
          ))}
        </ul>
      ) : (
        <p>{say.noSale}</p>
      )}
    </Tile>
  )
}

function ItemStock({ item, sale }: { item: Item; sale: Sale }) {
  const say = words.value
  const show = (value: number) => count(value, language.value)
  const numbers = [show(item.total), show(item.free), show(item.held), show(item.sold)] as const
  const age = tenths(Math.max(0, clock.value - checkedAt.value) / 1000, language.value)
  return (
    <li class="item" data-testid={`item-${item.sku}`}>
      <div class="figures">
        <Units name="sold" metric="unitsSold" value={numbers[3]} of={sale.id} />
        <Units name="held" metric="unitsHeld" value={numbers[2]} of={sale.id} />
        <Units name="free" metric="unitsFree" value={numbers[1]} of={sale.id} />
        <p class="item-name">
          <strong>{item.name}</strong> <span class="soft">{money(item.price, language.value)}</span>
        </p>
        {mayChange.value && (
          <button
            type="button"
            aria-label={`${say.restock} ${item.name}`}
            onClick={() => openDialog({ kind: "restock", sale, item })}
          >
            {say.restock}
          </button>
        )}
      </div>
      <svg class="bar" viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label={say.adds(...numbers)}>
        <rect class="free" width="1000" height="40" />
        <rect class="held" width={barWidth(item.sold + item.held, item)} height="40" />
        <rect class="sold" width={barWidth(item.sold, item)} height="40" />
      </svg>
      <p class={addsUp(item) ? "soft sum" : "wrong sum"} data-testid="conservation">
        {addsUp(item)
          ? `${say.adds(...numbers)}, ${say.checked(age)}`
          : say.broken(numbers[0], show(item.free + item.held + item.sold))}
      </p>
    </li>
  )
}

const barWidth = (units: number, { total }: Item) => (total === 0 ? 0 : Math.min(1000, (1000 * units) / total))

interface UnitsProps {
  name: "sold" | "held" | "free"
  metric: MetricName
  value: string
  of: string
}

function Units({ name, metric, value, of }: UnitsProps) {
  return (
    <WithTooltip metric={metric} of={of} class={`figure ${name}`}>
      <strong>{value}</strong> {words.value[name]}
    </WithTooltip>
  )
}
