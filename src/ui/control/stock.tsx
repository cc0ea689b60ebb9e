import type { Item, Sale } from "../../wire.ts"
import { clock } from "../common/clock.ts"
import { count, money, tenths, timeOfDay } from "../common/format.ts"
import { lang } from "../common/lang.ts"
import { steer } from "./act.ts"
import { asking, checkedAt, sale, violations } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

const adds = ({ free, held, sold, total }: Item) => free + held + sold === total && Math.min(free, held, sold) >= 0

export function Stock() {
  const say = words.value
  const shown = sale.value
  const bad = violations.value > 0 || (shown?.items.some(item => !adds(item)) ?? false)
  return (
    <Tile name="stock" title={say.stock} help={say.stockHelp} bad={bad} aside={shown && <Steering shown={shown} />}>
      {shown ? shown.items.map(item => <Bar key={item.sku} item={item} shown={shown} />) : <p>{say.noSale}</p>}
      {violations.value > 0 && <p class="wrong">{say.violations(violations.value)}</p>}
    </Tile>
  )
}

function Bar({ item, shown }: { item: Item; shown: Sale }) {
  const say = words.value
  const show = (value: number) => count(value, lang.value)
  const numbers = [show(item.total), show(item.free), show(item.held), show(item.sold)] as const
  const age = tenths(Math.max(0, clock.value - checkedAt.value) / 1000, lang.value)
  return (
    <div class="item" data-testid={`item-${item.sku}`}>
      <p class="item-head">
        <strong>{item.name}</strong>
        <span class="soft">{money(item.price, lang.value)}</span>
        <button type="button" onClick={() => ask({ kind: "restock", sale: shown, item })}>
          {say.restock}
        </button>
      </p>
      <svg class="bar" viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label={say.adds(...numbers)}>
        <rect class="free" width="1000" height="40" />
        <rect class="held" width={part(item.sold + item.held, item)} height="40" />
        <rect class="sold" width={part(item.sold, item)} height="40" />
      </svg>
      <p class="figures">
        <Figure name="sold" value={numbers[3]} />
        <Figure name="held" value={numbers[2]} />
        <Figure name="free" value={numbers[1]} />
        <span class={adds(item) ? "soft" : "wrong"} data-testid="conservation">
          {adds(item)
            ? `${say.adds(...numbers)}, ${say.checked(age)}`
            : say.broken(numbers[0], show(item.free + item.held + item.sold))}
        </span>
      </p>
    </div>
  )
}

const part = (units: number, { total }: Item) => (total === 0 ? 0 : Math.min(1000, (1000 * units) / total))

function Figure({ name, value }: { name: "sold" | "held" | "free"; value: string }) {
  return (
    <span class={`figure ${name}`} title={`flash_sale_units{state="${name}"}`}>
      <strong>{value}</strong> {words.value[name]}
    </span>
  )
}

function Steering({ shown }: { shown: Sale }) {
  const say = words.value
  const { id, state, opensAt, limitPerCustomer } = shown
  return (
    <div class="steering">
      <span class="sign" data-tone={state === "open" ? "good" : "plain"}>
        {say.states[state]}
      </span>
      <span class="soft">
        {state === "scheduled" ? say.opens(timeOfDay(Date.parse(opensAt), lang.value)) : say.limit(limitPerCustomer)}
      </span>
      {state === "paused" ? (
        <button type="button" onClick={() => steer(id, "resume")}>
          {say.resume}
        </button>
      ) : (
        <button type="button" disabled={state === "closed"} onClick={() => steer(id, "pause")}>
          {say.pause}
        </button>
      )}
      <button type="button" disabled={state === "closed"} onClick={() => ask({ kind: "close", sale: shown })}>
        {say.close}
      </button>
    </div>
  )
}

function ask(what: NonNullable<typeof asking.value>): void {
  asking.value = what
}
