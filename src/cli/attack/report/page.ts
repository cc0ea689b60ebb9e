import { html } from "hono/html"
import { counted, integer, percent, seconds, shares } from "../../format.ts"
import { linePlot, type Plot, stackedPlot } from "../../page/plot.ts"
import { type Markup, reportPage, type Section, table } from "../../page/report-page.ts"
import type { AttackReport } from "./attack-report.ts"
import { refused, summaryRows, verdict } from "./summary.ts"
import { PURCHASE_RESULTS, type PurchaseResult, type ResultTimeline } from "./timeline.ts"

/** Results that the plot shows even when there were none. */
const ALWAYS: readonly PurchaseResult[] = ["sold", "refused"]

export interface AttackStory {
  report: AttackReport
  timeline: ResultTimeline
  /** The sale's name. */
  sale: string
  url: string
  startedAt: Date
  faults: readonly string[]
  remarks: readonly string[]
  /** Events to mark in the plots, in seconds since the start. */
  marks?: Plot["marks"]
}

/** An attack as a page, for readers who did not see it. */
export function attackPage(story: AttackStory): string {
  const { report, sale, faults } = story
  const { sold, held, total } = report.stock
  return reportPage({
    title: `${counted(report.buyers, "bot")} at ${sale}`,
    subtitle: `${story.url}, ${minute(story.startedAt)}`,
    verdict: verdict(report, faults, { write() {} }),
    ok: report.ok,
    figures: [
      { value: `${integer(sold + held)} of ${integer(total)}`, name: held > 0 ? "units sold or held" : "units sold" },
      { value: integer(refused(report)), name: "purchases refused" },
      { value: integer(report.rate), name: "requests per second" },
      { value: seconds(report.latencyMs.p99), name: "99 of 100 answered within" },
      { value: integer(report.unknown), name: "purchases without an answer" },
    ],
    sections: [...attackSections(story), { title: "In numbers", body: table(["what", "value"], summaryRows(report)) }],
  })
}

export function attackSections({ report, timeline, remarks, marks }: AttackStory): Section[] {
  const results = resultsOf(report)
  return [
    {
      title: "What buyers were told",
      text: "Final answers per second.",
      body: stackedPlot({
        label: "Purchases per second by result",
        at: timeline.seconds,
        series: PURCHASE_RESULTS.filter(result => ALWAYS.includes(result) || results[result] > 0).map(result => ({
          name: result,
          tint: result,
          values: timeline.perSecond(result),
          told: integer(results[result]),
        })),
        unit: integer,
        marks,
      }),
    },
    {
      title: "How long buyers waited",
      text: "From the time when a purchase should have been sent to its final answer, retries and waits included.",
      body: linePlot({
        label: "Latency during the attack: the median and the 99th percentile",
        at: timeline.seconds,
        series: [
          { name: "p50", tint: "p50", values: timeline.quantileMs(0.5), told: seconds(report.latencyMs.p50) },
          { name: "p99", tint: "p99", values: timeline.quantileMs(0.99), told: seconds(report.latencyMs.p99) },
        ],
        unit: seconds,
        marks,
      }),
    },
    { title: "Which replicas answered", body: nodes(report) },
    ...(remarks.length > 0 ? [{ title: "Remarks", body: html`${remarks.map(one => html`<p>${one}</p>\n`)}` }] : []),
  ]
}

function nodes(report: AttackReport): Markup {
  const parts = shares(Object.entries(report.nodes))
  return table(
    ["node", "answers", "share"],
    parts.map(([node, share]) => [node, integer(report.nodes[node] ?? 0), percent(share)]),
  )
}

function resultsOf(report: AttackReport): Record<PurchaseResult, number> {
  return { sold: report.confirmed, held: report.held, refused: refused(report), unknown: report.unknown }
}

/** 2026-09-01 19:00 UTC */
export function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`
}
