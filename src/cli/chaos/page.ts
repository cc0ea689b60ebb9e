import type { Report as Audit } from "../../audit/audit.ts"
import { type AttackStory, attackSections, day } from "../attack/report/page.ts"
import { summaryRows } from "../attack/report/summary.ts"
import { counted, integer, seconds } from "../format.ts"
import { reportPage, table } from "../page/report-page.ts"
import type { Kill } from "./replica-killer.ts"

interface ChaosStory extends AttackStory {
  /** When the bots began, by `performance.now()`. */
  begun: number
  kills: readonly Kill[]
  audit: Audit
  ok: boolean
}

/** A drill as a page that can be shown to somebody who was not there. */
export function chaosPage(story: ChaosStory): string {
  const { report, kills, audit, ok, faults, begun } = story
  const slowest = Math.max(0, ...kills.flatMap(({ backMs }) => backMs ?? []))
  const marks = kills.map(({ at, nodeId }) => ({ at: (at - begun) / 1000, name: `${nodeId} was killed` }))
  const broken = [...faults, ...audit.violations]
  return reportPage({
    title: `${counted(kills.length, "kill")} under load`,
    subtitle: `${story.url}, ${day(story.startedAt)}, a practice sale of ${integer(report.stock.total)} units`,
    verdict: ok
      ? "Every promise was kept: no unit was lost or doubled, and every buyer got an answer."
      : broken.join(" "),
    ok,
    figures: [
      { value: integer(kills.length), name: "processes killed" },
      { value: seconds(slowest), name: "until the slowest was back" },
      { value: integer(report.confirmed), name: "orders, none given twice" },
      { value: integer(report.errors), name: "answers lost on the way, all asked for again" },
      { value: integer(report.unknown), name: "left without an answer" },
    ],
    sections: [
      ...attackSections({ ...story, marks }),
      {
        title: "The proof",
        text: "The journal, added up by code of its own and held against what every buyer was told.",
        body: table(
          ["check", "kept", "what was found"],
          audit.checks.map(({ name, ok, skipped, detail }) => [
            name,
            skipped ? "not checked" : ok ? "yes" : "NO",
            detail,
          ]),
        ),
      },
      {
        title: "What was killed",
        text: "Those that came while bots were buying are dashed lines in the plots above.",
        body: table(
          ["node", "after", "back after"],
          kills.map(({ nodeId, at, backMs }) => [
            nodeId,
            `${((at - begun) / 1000).toFixed(1)} s`,
            backMs === undefined ? "not in time" : seconds(backMs),
          ]),
        ),
      },
      { title: "In numbers", body: table(["what", "how much"], summaryRows(report)) },
    ],
  })
}
