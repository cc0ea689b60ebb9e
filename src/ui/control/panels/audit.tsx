import type { AuditReport } from "../../../wire/wire.ts"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { ScrollArea } from "../../common/scroll-area.tsx"
import { runAudit } from "../data/commands.ts"
import { audit, saleId } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Tile } from "./tile.tsx"
import { WithTooltip } from "./tooltip.tsx"

/** Runs the audit of a sale and lists its checks, failed ones first. */
export function Audit() {
  const say = words.value
  const now = audit.value
  const running = now === "running"
  const report = now === "running" ? undefined : now
  const id = saleId.value
  const button = (
    <button type="button" disabled={!id} aria-disabled={running} onClick={() => !running && id && runAudit(id)}>
      {running ? say.auditing : say.runAudit}
    </button>
  )
  return (
    <Tile name="audit" title={say.audit} bad={report?.ok === false} aside={button}>
      {report && id ? <Report report={report} of={id} /> : <p class="soft">{running ? say.auditing : say.auditNone}</p>}
    </Tile>
  )
}

function Report({ report, of }: { report: AuditReport; of: string }) {
  const say = words.value
  return (
    <>
      <div class="audit-result" data-ok={report.ok}>
        <p role="status" data-testid="audit-result">
          {report.ok ? say.auditOk : say.auditBroken}
        </p>
        <WithTooltip metric="orders" of={of}>
          <b>{count(report.totals.orders, language.value)}</b> {say.totals}
        </WithTooltip>
      </div>
      <ScrollArea label={say.audit}>
        <ul class="checks">
          {report.checks
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
      </ScrollArea>
    </>
  )
}
