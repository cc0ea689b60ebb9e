import type { AuditResult } from "../../audit/audit.ts"
import { type AttackStory, attackSections, minute } from "../attack/report/page.ts"
import { summaryRows } from "../attack/report/summary.ts"
import { counted, integer, seconds } from "../format.ts"
import { reportPage, table } from "../page/report-page.ts"
import type { Kill } from "./replica-killer.ts"

interface ChaosStory extends AttackStory {
  /** When the bots began, on the monotonic clock of the kills. */
  begun: number
  kills: readonly Kill[]
  audit: AuditResult
  ok: boolean
}

/** A drill as a page, for readers who did not see it. */
export function chaosPage(story: ChaosStory): string {
  const { report, kills, audit, ok, faults, begun } = story
  const slowest = Math.max(0, ...kills.flatMap(({ backMs }) => backMs ?? []))
  const marks = kills.map(({ at, nodeId }) => ({ at: (at - begun) / 1000, name: `${nodeId} was killed` }))
  const broken = [...faults, ...audit.violations]
  return reportPage({
    title: `${counted(kills.length, "kill")} under load`,
    subtitle: `${story.url}, ${minute(story.startedAt)}, a practice sale of ${integer(report.stock.total)} units`,
    verdict: ok
      ? "Every promise was kept: no unit was lost or sold twice, and every buyer got an answer."
      : broken.join(" "),
    ok,
    figures: [
      { value: integer(kills.length), name: "processes killed" },
      { value: seconds(slowest), name: "until the slowest was back" },
      { value: integer(report.confirmed), name: "orders, none given twice" },
      { value: integer(report.errors), name: "answers lost, each request repeated" },
      { value: integer(report.unknown), name: "purchases without an answer" },
    ],
    sections: [
      ...attackSections({ ...story, marks }),
      {
        title: "The proof",
        text: "The audit adds up the journal with its own code, and compares it with what every buyer was told.",
        body: table(
          ["check", "kept", "detail"],
          audit.checks.map(({ name, ok, skipped, detail }) => [
            name,
            skipped ? "not checked" : ok ? "yes" : "NO",
            detail,
          ]),
        ),
      },
      {
        title: "What was killed",
        text: "The dashed lines in the plots above are the kills while bots were buying.",
        body: table(
          ["node", "killed at", "back after"],
          kills.map(({ nodeId, at, backMs }) => [
            nodeId,
            `${((at - begun) / 1000).toFixed(1)} s`,
            backMs === undefined ? "not in time" : seconds(backMs),
          ]),
        ),
      },
      { title: "In numbers", body: table(["what", "value"], summaryRows(report)) },
    ],
  })
}
