import { count, tenths } from "../../common/format.ts"
import { LanguageLinks, language } from "../../common/language.tsx"
import { mayChange, signInState, signOut } from "../data/session.ts"
import { chooseSale, gateOpen, lag, openDialog, saleId, sales, serverReachable, violations } from "../data/state.ts"
import { words } from "../words/words.ts"
import { ClockJump } from "./clock-jump.tsx"
import { WithTooltip } from "./tooltip.tsx"

const LAG_WARNING_SECONDS = 2

export function Header() {
  const say = words.value
  const signedIn = signInState.value
  const me = signedIn.state === "signed_in" ? signedIn.as : undefined
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
      {mayChange.value && (
        <>
          <button type="button" onClick={() => openDialog({ kind: "create" })}>
            {say.newSale}
          </button>
          <button type="button" onClick={() => openDialog({ kind: "rehearse" })}>
            {say.rehearse}
          </button>
        </>
      )}
      {me?.role === "owner" && (
        <button type="button" onClick={() => openDialog({ kind: "operators" })}>
          {say.operatorsButton}
        </button>
      )}
      <Indicators />
      <span class="space" />
      {me && <span class="soft">{mayChange.value ? me.name : `${me.name}: ${say.looksOnly}`}</span>}
      <LanguageLinks label={say.language} />
      <button type="button" onClick={signOut}>
        {say.signOut}
      </button>
    </header>
  )
}

/** Whether the system may sell, whether the ledger keeps up, and whether the stock adds up. */
function Indicators() {
  const say = words.value
  const gate = gateOpen.value
  const behind = lag.value
  const wrong = violations.value
  return (
    <div class="indicators">
      <p class={serverReachable.value ? "hidden" : "indicator"} data-tone="bad" role="status">
        {serverReachable.value ? say.reachable : say.unreachable}
      </p>
      {gate !== undefined && (
        <WithTooltip metric="gate" class="indicator" tone={gate ? "good" : "bad"}>
          {gate ? say.gateOpen : say.gateClosed}
        </WithTooltip>
      )}
      <ClockJump />
      {behind && (
        <WithTooltip metric="lag" class="indicator" tone={behind.seconds > LAG_WARNING_SECONDS ? "warn" : "good"}>
          {say.lag(count(behind.facts, language.value), tenths(behind.seconds, language.value))}
        </WithTooltip>
      )}
      {wrong !== undefined && (
        <WithTooltip metric="violations" class="indicator" tone={wrong > 0 ? "bad" : "good"}>
          {say.violations(wrong)}
        </WithTooltip>
      )}
    </div>
  )
}
