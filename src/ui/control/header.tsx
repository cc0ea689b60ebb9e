import { count, tenths } from "../common/format.ts"
import { lang } from "../common/language.ts"
import { Languages } from "../common/language-links.tsx"
import { leave } from "./data/session.ts"
import { asking, chooseSale, gateOpen, lag, reachable, saleId, sales, violations } from "./data/state.ts"
import { Explained } from "./panels/tooltip.tsx"
import { words } from "./words/words.ts"

export function Head() {
  const say = words.value
  return (
    <header class="head">
      <h1>{say.title}</h1>
      <select
        aria-label={say.sale}
        value={saleId.value}
        onChange={event => chooseSale(event.currentTarget.value)}
        data-testid="sale"
      >
        {sales.value.map(sale => (
          <option key={sale.id} value={sale.id}>
            {`${sale.name} (${say.states[sale.state]})`}
          </option>
        ))}
      </select>
      <button type="button" onClick={() => ask("create")}>
        {say.newSale}
      </button>
      <button type="button" onClick={() => ask("rehearse")}>
        {say.rehearse}
      </button>
      <Signs />
      <span class="space" />
      <Languages label={say.language} />
      <button type="button" onClick={leave}>
        {say.leave}
      </button>
    </header>
  )
}

/** Whether the system sells at all, and whether its record keeps up. */
function Signs() {
  const say = words.value
  const gate = gateOpen.value
  const behind = lag.value
  const broken = violations.value
  return (
    <div class="signs">
      <p class={reachable.value ? "hidden" : "sign"} data-tone="bad" role="status">
        {reachable.value ? say.reachable : say.unreachable}
      </p>
      {gate !== undefined && (
        <Explained topic="gate" class="sign" tone={gate ? "good" : "bad"}>
          {gate ? say.gateOpen : say.gateClosed}
        </Explained>
      )}
      {behind && (
        <Explained topic="lag" class="sign" tone={behind.seconds > 2 ? "warn" : "good"}>
          {say.lag(count(behind.facts, lang.value), tenths(behind.seconds, lang.value))}
        </Explained>
      )}
      {broken !== undefined && (
        <Explained topic="violations" class="sign" tone={broken > 0 ? "bad" : "good"}>
          {say.violations(broken)}
        </Explained>
      )}
    </div>
  )
}

function ask(kind: "create" | "rehearse"): void {
  asking.value = { kind }
}
