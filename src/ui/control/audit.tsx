import { Scroll } from "../common/scroll.tsx"
import { runAudit } from "./act.ts"
import { audit, saleId } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

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
    <Tile name="audit" title={say.audit} help={say.auditHelp} bad={done?.ok === false} aside={button}>
      {done ? (
        <>
          <p class="verdict" data-ok={done.ok} role="status" data-testid="verdict">
            {done.ok ? say.auditOk : say.auditBroken} <span class="soft">{say.totals(done.totals.orders)}</span>
          </p>
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
      ) : (
        <p class="soft">{running ? say.auditing : say.auditNone}</p>
      )}
    </Tile>
  )
}
