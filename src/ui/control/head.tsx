import { inLang } from "../common/lang.ts"
import { Languages } from "../common/languages.tsx"
import { chooseSale, gateOpen, reachable, saleId, sales } from "./state.ts"
import { leave } from "./token.ts"
import { words } from "./words.ts"

export function Head() {
  const say = words.value
  const gate = gateOpen.value
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
      <p class="sign" data-tone={reachable.value ? "good" : "bad"} role="status">
        {reachable.value ? say.reachable : say.unreachable}
      </p>
      {gate !== undefined && (
        <p class="sign" data-tone={gate ? "good" : "bad"} title="flash_sale_gate_open">
          {gate ? say.gateOpen : say.gateClosed}
        </p>
      )}
      <span class="space" />
      {saleId.value && <a href={inLang(`/sales/${saleId.value}`)}>{say.openPage}</a>}
      <Languages label={say.language} />
      <button type="button" onClick={() => leave(false)}>
        {say.leave}
      </button>
    </header>
  )
}
