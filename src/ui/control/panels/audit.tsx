import type { AuditReport } from "../../../wire/wire.ts"
import { count } from "../../common/format.ts"
import { lang } from "../../common/language.ts"
import { Scroll } from "../../common/scroll.tsx"
import { runAudit } from "../data/commands.ts"
import { audit, saleId } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Tile } from "./tile.tsx"
import { Explained } from "./tooltip.tsx"

/** The proof, check by check; what is broken comes first. */
export function Audit() {
  const say = words.value
  const report = audit.value
  const running = report === "running"
  const id = saleId.value
  const button = (
    <button type="button" disabled={!id} aria-disabled={running} onClick={() => !running && id && runAudit(id)}>
      {running ? say.auditing : say.runAudit}
    </button>
  )
  const done = running ? undefined : report
  return (
    <Tile name="audit" title={say.audit} bad={done?.ok === false} aside={button}>
      {done ? <Report done={done} of={id!} /> : <p class="soft">{running ? say.auditing : say.auditNone}</p>}
    </Tile>
  )
}

function Report({ done, of }: { done: AuditReport; of: string }) {
  const say = words.value
  return (
    <>
      <div class="verdict" data-ok={done.ok}>
        <p role="status" data-testid="verdict">
          {done.ok ? say.auditOk : say.auditBroken}
        </p>
        <Explained topic="orders" of={of}>
          <b>{count(done.totals.orders, lang.value)}</b> {say.totals}
        </Explained>
      </div>
      <Scroll label={say.audit}>
        <ul class="checks">
          {done.checks
            .toSorted((a, b) => Number(a.ok) - Number(b.ok))
            .map(check => (
              <li key={check.name} data-ok={check.ok}>
                <span class="mark" role="img" aria-label={check.ok ? say.passed : say.failed}>
                  {check.ok ? "✓" : "✕"}
                </span>
                <span>
                  {check.name} <span class="soft">{check.detail}</span>
                </span>
              </li>
            ))}
        </ul>
      </Scroll>
    </>
  )
}
